import Foundation
import HTTP
import JSON
import LoopbackClient
import Quantities
import Synchronization
import Testing

@testable import WebApp

@Suite("Work that takes longer than a request", .serialized)
struct JobTests {
  private func events(of id: String, in fixture: CaseFixture) throws -> [String] {
    let server = try Server(port: 0, fields: WebApplication.fields) { request in
      (try? fixture.application.jobs.job(request.query["job"] ?? "").read().response) ?? Response(404, text: "none")
    }
    defer { server.stop() }
    let text = try LoopbackClient.exchange(
      server.port, "GET /api/progress?job=\(id) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", patience: 180)
    #expect(text.contains("text/event-stream"))
    return text.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("event: ") }.map {
      $0.dropFirst(7).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  @Test("A plan tells its steps and leaves the results, and a late reader hears all of it")
  func plan() throws {
    let fixture = try CaseFixture()
    let id = try #require(fixture.post("/api/plan", ["case": "p1"]).value["job"]?.string)
    let told = try events(of: id, in: fixture)
    #expect(told == ["step", "step", "step", "step", "done"])
    #expect(try events(of: id, in: fixture) == told)
    #expect(FileManager.default.fileExists(atPath: fixture.folder + "/p1/results/report.pdf"))
    #expect(try fixture.get("/api/prescription", ["case": "p1"]).value["isPlanned"]?.bool == true)
    #expect(try fixture.get("/api/case", ["case": "p1"]).value["stage"]?.string == "prescribed")
  }

  @Test("A plan that is cancelled leaves nothing behind, and a second one may follow")
  func cancel() throws {
    let fixture = try CaseFixture()
    let id = try #require(fixture.post("/api/plan", ["case": "p1"]).value["job"]?.string)
    #expect(try fixture.post("/api/plan", ["case": "p1"]).value["code"]?.string == "running-already")
    #expect(try fixture.post("/api/cancel", ["job": JSONValue(id)]).status == 200)
    #expect(try events(of: id, in: fixture).last == "cancelled")
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/p1/results"))
    let second = try #require(fixture.post("/api/plan", ["case": "p1"]).value["job"]?.string)
    #expect(try events(of: second, in: fixture).last == "done")
    #expect(try fixture.post("/api/cancel", ["job": "none"]).status == 404)
  }

  @Test("A plan that is refused says why")
  func refused() throws {
    let fixture = try CaseFixture()
    try FileManager.default.removeItem(atPath: fixture.folder + "/p1/curves.csv")
    let id = try #require(fixture.post("/api/plan", ["case": "p1"]).value["job"]?.string)
    #expect(try events(of: id, in: fixture).last == "refused")
  }

  @Test("Doses in voxels of a case without SPECT are refused with the reason, as is another method")
  func voxelDose() throws {
    let fixture = try CaseFixture()
    let id = try #require(fixture.post("/api/voxel-dose", ["case": "p1", "method": "local"]).value["job"]?.string)
    #expect(try events(of: id, in: fixture).last == "refused")
    #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/p1/voxel-dose-local"))
    for method in ["transport", "all", "", "../x"] {
      #expect(try fixture.post("/api/voxel-dose", ["case": "p1", "method": JSONValue(method)]).status == 422)
    }
    #expect(try fixture.post("/api/voxel-dose", ["case": "../p1", "method": "local"]).status == 404)
  }

  @Test("Work that waits for another system is let go of at once, and what it still brings is dropped")
  func detached() throws {
    let fixture = try CaseFixture()
    let jobs = fixture.application.jobs
    let wait = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    let id = try jobs.begin("waiting", isDetachable: true) { job in
      defer { ended.signal() }
      try job.step(["number": 1])
      wait.wait()
      try job.step(["number": 2])
      return ["late": true]
    }
    try jobs.job(id).cancel()
    #expect(try events(of: id, in: fixture).last == "cancelled")
    wait.signal()
    ended.wait()
    #expect(try events(of: id, in: fixture).last == "cancelled")
  }
}
