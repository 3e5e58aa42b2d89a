package import MarketModel
package import Rows

/// A sink whose rows can be put aside, to be gone on with where a replay goes on.
package protocol StatefulRowSink: RowSink {
    /// Copies the rows so far into files below a folder, and returns what else the rows to come depend on.
    func keep(in folder: String) throws(DatasetError) -> [StatePart]
    /// Takes the rows of such a folder and what else was returned; no row was written yet.
    func goOn(from parts: [StatePart], in folder: String) throws(DatasetError)
}
