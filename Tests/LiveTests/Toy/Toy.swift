import Exchanges
import Foundation
import MarketModel
import OrderBooks

/// A made-up venue in one folder: exactly what `ADDING.md` asks for.
struct Toy: Exchange {
    /// Whether books are seeded by replies, and interest is told by replies alone.
    var isSeeded = false
    /// Whether its channels have addresses of their own.
    var isDivided = false
    /// Whether it asks for signs of life, and whether it answers when it is asked for one.
    var wantsSigns = false
    var givesSigns = true

    var name: String { "toy" }
    var protocolID: String { "toy-v1" }
    var markets: [Market] { [.spot] }
    var depths: [Int] { [] }
    var bookRules: BookRules { BookRules(isSeeded: isSeeded, sharesNumbers: isSeeded) }
    var definitions: any DefinitionRules { ToyDefinitions(isSeeded: isSeeded) }

    func endpoint(of market: Market) -> String? { market == .spot ? "wss://toy.invalid" : nil }

    func replyRules(of market: Market) -> (any ReplyRules)? { isSeeded ? ToyReplies() : nil }

    func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder { ToyDecoder(venue: venue) }

    func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        ToyDecoder(venue: venue)
    }

    func venueTime(of frame: RawSpan) -> Int64? { (object(in: frame)["time"] as? NSNumber)?.int64Value }

    func encoder(of market: Market) -> any FrameEncoder { ToyEncoder(isSeeded: isSeeded) }

    func server(of market: Market) -> any ServerRules { ToyServer() }

    func simulation(of market: Market) -> (any SimulationModel)? {
        market == .spot ? ToySimulation(isSeeded: isSeeded) : nil
    }
}

/// The members of a frame; none if it is not an object.
func object(in frame: RawSpan) -> [String: Any] {
    let bytes = frame.withUnsafeBytes { Array($0) }
    return (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
}
