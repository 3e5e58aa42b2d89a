import Features
package import MarketModel
import Synchronizer

extension Row {
    /// Gives its instrument another number, everywhere in it.
    package mutating func renumber(as new: InstrumentIndex) {
        aggregate.instrument = new
        snapshot.instrument = new
        for index in snapshot.trades.indices { snapshot.trades[index].instrument = new }
        for index in snapshot.liquidations.indices { snapshot.liquidations[index].instrument = new }
        snapshot.fundingRate?.instrument = new
        snapshot.openInterest?.instrument = new
    }
}
