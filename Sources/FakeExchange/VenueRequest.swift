import Foundation

/// A client's request: a JSON object whose parameters lie at the top or under `params`.
struct VenueRequest {
    private let values: [String: Any]

    init?(_ text: String) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
            var values = object as? [String: Any]
        else { return nil }
        for (key, value) in values["params"] as? [String: Any] ?? [:] { values[key] = value }
        self.values = values
    }

    func text(_ key: String) -> String? { values[key] as? String }

    func texts(_ key: String) -> [String] { values[key] as? [String] ?? [] }

    func number(_ key: String) -> Int? { values[key] as? Int }
}
