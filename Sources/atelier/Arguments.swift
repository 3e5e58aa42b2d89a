public import ArgumentParser
public import MarketFiles
public import Synchronizer

extension ClockMode: ExpressibleByArgument {}

extension TimeBasis: ExpressibleByArgument {}

extension ClockScope: ExpressibleByArgument {}

extension Sampling: ExpressibleByArgument {}

extension BookLayout: ExpressibleByArgument {}

extension FolderLayout: ExpressibleByArgument {}

extension FileEncoding: ExpressibleByArgument {}
