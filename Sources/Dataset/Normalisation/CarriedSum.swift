/// A sum that carries what rounding lost (Neumaier's variant of Kahan summation).
struct CarriedSum: Sendable {
    private var sum = 0.0
    private var carry = 0.0

    mutating func add(_ value: Double) {
        let total = sum + value
        carry += abs(sum) >= abs(value) ? (sum - total) + value : (value - total) + sum
        sum = total
    }

    mutating func add(_ other: CarriedSum) {
        add(other.sum)
        carry += other.carry
    }

    var value: Double { sum + carry }
}
