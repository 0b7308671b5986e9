/// What a browser asks.
public struct Request: Sendable {
  /// The method, such as `GET`.
  public let method: String
  /// The path as it was sent: nothing in it is decoded.
  public let path: String
  /// The headers that decide who asks, by their names in lower case.
  public let headers: [String: String]
  /// The fields of the query that were asked for when the server was made, decoded.
  public let query: [String: String]
  /// The body.
  public let body: [UInt8]
  /// Who asks, where people sign in.
  public var actor: String?

  public init(
    method: String = "GET", path: String, headers: [String: String] = [:], query: [String: String] = [:],
    body: [UInt8] = []
  ) {
    (self.method, self.path, self.headers, self.query, self.body) = (method, path, headers, query, body)
  }
}

/// What it is told.
public struct Response: Sendable {
  /// The status, such as 200.
  public var status: Int
  /// The headers.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]
  /// Events that are sent in place of the body.
  var events: EventStream?

  public init(_ status: Int, type: String? = nil, body: [UInt8] = [], headers: [String: String] = [:]) {
    self.status = status
    self.body = body
    self.headers = headers
    if let type { self.headers["Content-Type"] = type }
  }

  /// A short text, for people who see it without the app.
  public init(_ status: Int, text: String) {
    self.init(status, type: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
  }
}
