import Foundation
import HTTP
import LoopbackClient
import Testing

@Suite("The server", .serialized)
struct ServerTests {
  /// Answers with what was asked.
  private static func echo(_ request: Request) -> Response {
    let head = "\(request.method) \(request.path) \(request.headers["host"] ?? "-") \(request.query["q"] ?? "-")\n"
    return Response(200, type: "text/plain", body: Array(head.utf8) + request.body, headers: ["X-Own": "yes"])
  }

  private func serving<T>(_ bounds: Server.Bounds = .init(), _ use: (UInt16) throws -> T) throws -> T {
    let server = try Server(port: 0, fields: ["q"], bounds: bounds, answer: Self.echo)
    defer { server.stop() }
    return try use(server.port)
  }

  private func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" }

  @Test("A request arrives whole, its path untouched and its query decoded, and the response goes back")
  func exchange() throws {
    try serving { port in
      let answer = try LoopbackClient.exchange(port, get("/a%2Fb/../c?q=d%20e"))
      #expect(answer.hasPrefix("HTTP/1.1 200"))
      #expect(answer.contains("X-Own: yes"))
      #expect(answer.hasSuffix("GET /a%2Fb/../c h d e\n"))
      #expect(try LoopbackClient.exchange(port, get("/?q=%5g%g0%")).hasSuffix("GET / h %5g%g0%\n"))
      let body = String(repeating: "x", count: 100_000)
      let posted = try LoopbackClient.exchange(
        port, "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" + body)
      #expect(posted.hasSuffix("POST / h -\n" + body))
    }
  }

  @Test("A body beyond the bound is refused and the server goes on")
  func oversized() throws {
    var bounds = Server.Bounds()
    bounds.body = 1000
    try serving(bounds) { port in
      let head = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n"
      let answer = try LoopbackClient.exchange(port, head + String(repeating: "x", count: 5000))
      #expect(answer.hasPrefix("HTTP/1.1 413"))
      #expect(try LoopbackClient.exchange(port, get("/")).hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("500 connections that send next to nothing do not keep others from being answered")
  func slow() throws {
    try serving { port in
      let slow = try (0..<500).map { _ in
        let client = try LoopbackClient(port: port)
        client.send("GET / HTTP/1.1\r\nHo")
        return client
      }
      #expect(try LoopbackClient.exchange(port, get("/")).hasPrefix("HTTP/1.1 200"))
      #expect(slow.count == 500)
    }
  }

  @Test(
    "What is no request is refused, and the server goes on",
    arguments: [
      "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ])
  func malformed(_ text: String) throws {
    try serving { port in
      let client = try LoopbackClient(port: port)
      client.send(text)
      #expect(try LoopbackClient.exchange(port, get("/")).hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("A port that is taken is refused")
  func taken() throws {
    try serving { port in
      #expect(#expect(throws: HTTPError.self) { try Server(port: port, answer: Self.echo) }?.code == "port-taken")
    }
  }
}
