/// What a connection to a venue must keep to: pace, sizes, signs of life, recovery.
public struct SessionRules: Sendable {
    /// How a book that went wrong gets its next snapshot.
    public enum Recovery: Sendable {
        /// Its topic is unsubscribed and subscribed again.
        case resubscribe
        /// The connection is closed and opened again.
        case reconnect
        /// Nothing is asked: each message is a whole book.
        case wait
        /// The reply to a request is its snapshot (``ReplyRules/seedRequest(for:depth:)``), from the first on.
        case seed
    }

    /// How fast requests may follow each other, on all connections of the venue together.
    public struct Pace: Equatable, Sendable {
        /// So many at once.
        public var burst: Int64
        /// Then one each so many nanoseconds.
        public var interval: Int64

        /// A pace of `burst` requests at once, then one each `interval` nanoseconds.
        public init(burst: Int64, interval: Int64) { (self.burst, self.interval) = (burst, interval) }
    }

    /// The pace of requests.
    public var pace: Pace
    /// Whether each topic of a request is answered by itself, rather than the request as a whole.
    public var answersTopics: Bool
    /// Whether messages say the depth that their topic was asked at.
    public var namesDepth: Bool
    /// How a book that went wrong gets its next snapshot.
    public var recovery: Recovery
    /// The most topics that one request names.
    public var requestSize: Int
    /// Whether a request may name topics of several channels and depths.
    public var mixesChannels: Bool
    /// The most bytes of subscription requests on one connection; nil where the venue sets no limit.
    public var requestLimit: Int?
    /// The most topics on one connection; nil where the venue sets no limit.
    public var topicLimit: Int?
    /// Whether the trades of a symbol are numbered without holes, so that a hole tells how many were missed.
    public var numbersTrades: Bool
    /// Whether trades come one by one and, on another topic, summed up: one of the two feeds rows.
    public var hasTwoTradeForms: Bool
    /// Whether the venue answers a request for what it does not have by closing the connection without a word.
    ///
    /// Who asks then finds out what it was by asking for one thing after the other.
    public var closesOnRefusal: Bool
    /// After how long the venue closes a connection, in nanoseconds; nil where it sets no limit, `.max` where it closes
    /// only after it announced that.
    ///
    /// How it announces a close is ``Exchange/announcesClose(_:)``.
    public var lifetime: Int64?
    /// What a connection sends when it opens, before its topics; its answers are none to topics.
    public var greetings: [String]
    /// A text the venue wants now and then, and how often in nanoseconds; nil where it wants none.
    public var ping: (text: String, interval: Int64)?

    /// Makes rules.
    public init(
        pace: Pace,
        answersTopics: Bool = false,
        namesDepth: Bool = false,
        recovery: Recovery = .resubscribe,
        requestSize: Int = .max,
        mixesChannels: Bool = false,
        requestLimit: Int? = nil,
        topicLimit: Int? = nil,
        numbersTrades: Bool = false,
        hasTwoTradeForms: Bool = false,
        closesOnRefusal: Bool = false,
        lifetime: Int64? = nil,
        greetings: [String] = [],
        ping: (text: String, interval: Int64)? = nil
    ) {
        self.pace = pace
        self.answersTopics = answersTopics
        self.namesDepth = namesDepth
        self.recovery = recovery
        self.requestSize = requestSize
        self.mixesChannels = mixesChannels
        self.requestLimit = requestLimit
        self.topicLimit = topicLimit
        self.numbersTrades = numbersTrades
        self.hasTwoTradeForms = hasTwoTradeForms
        self.closesOnRefusal = closesOnRefusal
        self.lifetime = lifetime
        self.greetings = greetings
        self.ping = ping
    }
}
