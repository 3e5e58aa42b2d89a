/// A message being read.
struct BitMEXMessage<Reader: MemberReader> {
    var reader: Reader
    let table: BitMEXTable
    let action: BitMEXAction
    let receiveTime: Int64
    /// Whether what is read counts for nothing where an entry of it is lost: it is read again then.
    let isProvisional: Bool
}
