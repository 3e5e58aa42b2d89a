import ByteCoding

/// The channels and schemas that the numbers in use currently mean.
struct Declarations {
    /// The index of the schema that each number means now.
    var schemas: [UInt16: Int] = [:]
    /// The index of the schema of each channel, in the channels' order; nil without a declared one.
    var schemaIndexes: [Int?] = []
    /// Whether each channel's record was found in the data, in the channels' order.
    var isDeclared: [Bool] = []
    /// Channels known beforehand that the data declare differently.
    var contradicted: Set<Int> = []
    /// Numbers whose different redeclaration was reported already.
    var statedChannels: Set<UInt16> = []
    var statedSchemas: Set<UInt16> = []
}
