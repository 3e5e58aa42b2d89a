// What a program needs, by one import: recording, live sessions, replay, rows, sinks, market files, datasets.
@_exported public import Capture
@_exported public import Dataset
@_exported public import Exchanges
@_exported public import Features
@_exported public import Live
@_exported public import MarketFiles
@_exported public import MarketModel
@_exported public import OrderBooks
@_exported public import Pipeline
@_exported public import Recording
@_exported public import Replay
@_exported public import Rows
@_exported public import Sinks
@_exported public import Synchronizer
