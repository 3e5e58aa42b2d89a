/// How the files of a data type are arranged in folders.
public enum FolderLayout: String, CaseIterable, Sendable {
    /// All in the folder of the data type.
    case flat
    /// In `exchange=/market=/symbol=/date=` below it, a file a UTC day; those columns are not in the files.
    ///
    /// The day is that of the row's `ts`, of a raw event's receive time.
    case hive
}
