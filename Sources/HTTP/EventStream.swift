import CMicrohttpd

/// Server-sent events (HTML Living Standard 9.2) to one reader, as they happen.
///
/// Events may be sent before the response is given; they wait.
public final class EventStream: Sendable {
  /// The C side guards its own state.
  private nonisolated(unsafe) let stream: OpaquePointer?

  public init() { stream = cmicrohttpd_stream_make() }

  deinit { if let stream { cmicrohttpd_stream_release(stream) } }

  /// Sends an event.
  ///
  /// - Returns: whether somebody still reads.
  @discardableResult
  public func send(_ event: String, _ data: String) -> Bool {
    guard let stream else { return false }
    let lines = data.split(separator: "\n", omittingEmptySubsequences: false).map { "data: \($0)\n" }.joined()
    let bytes = Array("event: \(event)\n\(lines)\n".utf8)
    return cmicrohttpd_stream_write(stream, bytes, bytes.count) != 0
  }

  /// Ends the stream: the connection is closed when all was sent.
  public func end() { if let stream { cmicrohttpd_stream_end(stream) } }

  /// The response that sends the events.
  public var response: Response {
    var response = Response(200, type: "text/event-stream")
    response.events = self
    return response
  }

  /// Answers with what was and will be sent.
  func answer(_ raw: OpaquePointer, _ status: UInt32, _ headers: [UnsafePointer<CChar>?]) {
    guard let stream else { return cmicrohttpd_answer(raw, 503, nil, 0, nil, 0) }
    cmicrohttpd_answer_stream(raw, status, headers, headers.count, stream)
  }
}
