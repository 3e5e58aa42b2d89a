extension Instrument {
    /// `exchange/market/symbol`, for names of parts: slashes and percent signs of the symbol are percent-encoded.
    public var statePath: String {
        let symbol = symbol.reduce(into: "") { text, character in
            text += character == "/" ? "%2F" : character == "%" ? "%25" : String(character)
        }
        return "\(exchange)/\(market.rawValue)/\(symbol)"
    }
}
