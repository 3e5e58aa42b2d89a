/// Frames in the venues' own shapes, small enough to read, with invented numbers.
enum Fixtures {
    static let bybit: [String] = [
        #"{"success":true,"ret_msg":"","conn_id":"c1","req_id":"","op":"subscribe"}"#,
        #"{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1700000000100,"data":{"s":"BTCUSDT","b":[["100.5","1.25"],["100.4","0.001"],["99","12345678.9"]],"a":[["100.6","3"],["101","0.00000001"]],"u":7,"seq":900},"cts":1700000000090}"#,
        #"{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1700000000200,"data":{"s":"BTCUSDT","b":[["100.5","0"],["100.45","2.50"]],"a":[],"u":8,"seq":901},"cts":1700000000190}"#,
        #"{"topic":"orderbook.50.BTCUSDT","ts":1700000000300,"type":"delta","data":{"s":"BTCUSDT","b":[],"a":[["100.6","123456789012.25"]],"u":9,"seq":90123456789}}"#,
        #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000301,"data":[{"T":1700000000300,"s":"BTCUSDT","S":"Sell","v":"5.1","p":"100.5","L":"MinusTick","i":"4b0832c3-70e8-5f68-a914-c53f304f507c","BT":false,"RPI":true,"seq":902},{"T":1700000000300,"s":"BTCUSDT","S":"Buy","v":"0.1","p":"100.6","i":"2290000000012345678","BT":false}]}"#,
        #"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","tickDirection":"ZeroPlusTick","markPrice":"100.51","openInterest":"5000.5","openInterestValue":"502500.25","fundingIntervalHour":"8","nextFundingTime":"1700006400000","fundingRate":"-0.00010000","preOpenPrice":""},"cs":340051122706,"ts":1700000000400}"#,
        #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","openInterest":"5100","bid1Price":"100.4"},"cs":340051122707,"ts":1700000000500}"#,
        #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","ask1Price":"100.6"},"cs":340051122708,"ts":1700000000600}"#,
        #"{"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1700000000700,"data":[{"T":1700000000650,"s":"BTCUSDT","S":"Buy","v":"20","p":"99.5"}]}"#,
        #"{"topic":"kline.1.BTCUSDT","data":[{"start":1700000000000,"open":"1","confirm":false}],"ts":1700000000700,"type":"snapshot"}"#,
        #"{"success":true,"ret_msg":"pong","conn_id":"c1","op":"ping"}"#,
    ]

    static let coinbase: [String] = [
        #"{"channel":"l2_data","timestamp":"2024-01-02T03:04:05.123456789Z","sequence_num":0,"events":[{"type":"snapshot","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"2024-01-02T03:04:05.000001Z","price_level":"100.5","new_quantity":"0.00583"},{"side":"bid","event_time":"2024-01-02T03:04:05.000001Z","price_level":"99","new_quantity":"12345678.12345678"},{"side":"offer","event_time":"2024-01-02T03:04:05.000001Z","price_level":"100.51","new_quantity":"2"}]}]}"#,
        #"{"channel":"l2_data","client_id":"","timestamp":"2024-01-02T03:04:05.2Z","sequence_num":1,"events":[{"type":"update","product_id":"BTC-USD","updates":[{"side":"offer","event_time":"2024-01-02T03:04:05.1Z","price_level":"100.51","new_quantity":"0"},{"side":"bid","event_time":"2024-01-02T03:04:05.11Z","price_level":"100.49","new_quantity":"1.5"}]}]}"#,
        #"{"channel":"l2_data","timestamp":"2024-01-02T03:05:05.2Z","sequence_num":2,"events":[{"type":"update","product_id":"BTC-USD","updates":[]}]}"#,
        #"{"channel":"market_trades","timestamp":"2024-01-02T03:05:06.000000001Z","sequence_num":3,"events":[{"type":"update","trades":[{"product_id":"BTC-USD","trade_id":"12","price":"100.5","size":"0.01","time":"2024-01-02T03:05:05.999999Z","side":"SELL"},{"product_id":"BTC-USD","trade_id":"11","price":"100.51","size":"0.5","time":"2024-01-02T03:05:05.5Z","side":"BUY"}]}]}"#,
        #"{"channel":"heartbeats","timestamp":"2024-01-02T03:05:07Z","sequence_num":4,"events":[{"current_time":"2024-01-02 03:05:07 +0000 UTC","heartbeat_counter":1}]}"#,
        #"{"channel":"subscriptions","timestamp":"2024-01-02T03:05:07.5Z","sequence_num":5,"events":[{"subscriptions":{"level2":["BTC-USD"],"market_trades":["BTC-USD"]}}]}"#,
        #"{"channel":"l2_data","timestamp":"2024-01-02T03:05:08.2Z","sequence_num":6,"events":[{"type":"update","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"2024-01-02T03:05:08.1Z","price_level":"100.49","new_quantity":"2"}]},{"type":"update","product_id":"ETH-USD","updates":[]}]}"#,
        #"{"channel":"market_trades","timestamp":"2024-01-02T03:05:09.25Z","sequence_num":7,"events":[{"type":"snapshot","trades":[{"product_id":"BTC-USD","trade_id":"10","price":"100","size":"1","time":"2024-01-02T03:00:00Z","side":"BUY"}]}]}"#,
    ]

    static let kraken: [String] = [
        #"{"method":"subscribe","result":{"channel":"book","depth":10,"snapshot":true,"symbol":"BTC/USD"},"success":true,"time_in":"2024-01-02T03:04:05.000001Z","time_out":"2024-01-02T03:04:05.000002Z"}"#,
        #"{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":100.5,"qty":0.18967538},{"price":100.0,"qty":4.00000000}],"asks":[{"price":100.6,"qty":8.25215653}],"checksum":1}]}"#,
        #"{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":100.6,"qty":0.00000000},{"price":1000000.7,"qty":10.5}],"checksum":3547452596,"timestamp":"2024-01-02T03:04:06.343415Z"}]}"#,
        #"{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":100.6,"qty":0.02,"ord_type":"limit","trade_id":4665846,"timestamp":"2024-01-02T03:04:07.925533Z"},{"symbol":"BTC/USD","side":"sell","price":100.5,"qty":1e-7,"ord_type":"market","trade_id":4665847,"timestamp":"2024-01-02T03:04:07.925534Z"}]}"#,
        #"{"channel":"trade","type":"snapshot","data":[{"symbol":"BTC/USD","side":"sell","price":100.5,"qty":0.00000001,"ord_type":"market","trade_id":1,"timestamp":"2024-01-02T03:04:00.1Z"}]}"#,
        #"{"channel":"heartbeat"}"#,
        #"{"channel":"status","type":"update","data":[{"system":"online","version":"2.0.10"}]}"#,
    ]

    static func of(_ exchange: String) -> [String] {
        switch exchange {
        case "bybit": bybit
        case "coinbase": coinbase
        default: kraken
        }
    }
}
