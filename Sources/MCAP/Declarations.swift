import ByteCoding

/// What channel and schema the numbers in use mean.
struct Declarations {
    /// Place of the schema each number means now.
    var schemas: [UInt16: Int] = [:]
    /// Place of the schema of each channel, in the channels' order; nil if it has none or none was declared.
    var schemaIndexes: [Int?] = []
    /// Whether each channel's record was found in the data, in the channels' order.
    var isDeclared: [Bool] = []
    /// Channels told beforehand that the data declare otherwise.
    var contradicted: Set<Int> = []
    /// Numbers of which it was said already that they are declared again otherwise.
    var statedChannels: Set<UInt16> = []
    var statedSchemas: Set<UInt16> = []
}
