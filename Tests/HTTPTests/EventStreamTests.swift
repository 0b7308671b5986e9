import Foundation
import HTTP
import LoopbackClient
import Synchronization
import Testing

@Suite("Events that are sent as they happen", .serialized)
struct EventStreamTests {
  @Test("Events arrive one by one, those from before the answer too, and the end closes the connection")
  func streamed() throws {
    let stream = EventStream()
    #expect(stream.send("first", "a\nb"))
    let server = try Server(port: 0) { _ in stream.response }
    defer { server.stop() }
    let client = try LoopbackClient(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    let early = client.received(until: "data: b\n\n")
    #expect(early.contains("Content-Type: text/event-stream"))
    #expect(early.contains("event: first\ndata: a\ndata: b\n\n"))
    #expect(stream.send("second", String(repeating: "x", count: 20_000)))
    stream.end()
    let rest = client.received()
    #expect(rest.contains("event: second"))
    #expect(rest.filter { $0 == "x" }.count == 20_000)
    #expect(!stream.send("third", ""))
  }

  @Test("A reader that goes away is noticed, and the server ends while streams are open")
  func ends() throws {
    let streams = Mutex<[EventStream]>([])
    let server = try Server(port: 0) { _ in
      let stream = EventStream()
      streams.withLock { $0.append(stream) }
      return stream.response
    }
    var clients: [LoopbackClient] = []
    for _ in 0..<20 {
      let client = try LoopbackClient(port: server.port)
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      clients.append(client)
    }
    for client in clients { #expect(client.received(until: "\r\n\r\n").contains("200")) }
    for stream in streams.withLock({ $0 }).prefix(10) { #expect(stream.send("hello", "")) }
    clients.removeFirst(5)
    server.stop()
    for client in clients { _ = client.received() }
    for stream in streams.withLock({ $0 }) { #expect(!stream.send("late", "")) }
  }
}
