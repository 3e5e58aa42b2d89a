import Exchanges
import Foundation
import MarketModel
import OrderBooks

/// A made-up venue in one folder: exactly what `ADDING.md` asks for.
struct Toy: Exchange {
    var name: String { "toy" }
    var protocolID: String { "toy-v1" }
    var markets: [Market] { [.spot] }
    var depths: [Int] { [] }
    var bookRules: BookRules { BookRules() }
    var definitions: any DefinitionRules { ToyDefinitions() }

    func endpoint(of market: Market) -> String? { market == .spot ? "wss://toy.invalid" : nil }

    func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder { ToyDecoder(venue: venue) }

    func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        ToyDecoder(venue: venue)
    }

    func venueTime(of frame: RawSpan) -> Int64? { (object(in: frame)["time"] as? NSNumber)?.int64Value }

    func encoder(of market: Market) -> any FrameEncoder { ToyEncoder() }

    func server(of market: Market) -> any ServerRules { ToyServer() }

    func simulation(of market: Market) -> (any SimulationModel)? { market == .spot ? ToySimulation() : nil }
}

/// The members of a frame; none if it is not an object.
func object(in frame: RawSpan) -> [String: Any] {
    let bytes = frame.withUnsafeBytes { Array($0) }
    return (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
}
