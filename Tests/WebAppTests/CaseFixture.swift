import Foundation
import HTTP
import JSON
import Quantities
import WebApp

/// A folder with one case of synthetic curves and an application that serves it.
final class CaseFixture: Sendable {
  let folder: String
  let application: WebApplication

  static let curves = """
    region,time_h,activity_MBq,u_MBq
    Kidney left,4,4.6,0.1
    Kidney left,24,4.1,0.1
    Kidney left,48,2.6,0.06
    Kidney left,96,1.2,0.03
    Kidney left,168,0.34,0.01
    Kidney right,4,4.4,0.1
    Kidney right,24,3.9,0.1
    Kidney right,48,2.6,0.06
    Kidney right,96,1.15,0.03
    Kidney right,168,0.33,0.01
    Marrow L2-L4,4,2.2,0.06
    Marrow L2-L4,24,1.9,0.05
    Marrow L2-L4,48,1.6,0.04
    Marrow L2-L4,96,1.05,0.03
    Marrow L2-L4,168,0.6,0.02

    """

  static let text = """
    {
      // A case for tests.
      format: "endora-case-1", name: "Fixture", notes: ["synthetic"], nuclide: "Lu-177", agent: "[177Lu]Pentixather",
      subject: { sex: "male", age_y: 46, weight_kg: 78 },
      administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+01:00" }],
      measurements: { curves: { file: "curves.csv", weights: "given", calibrationUncertainty: 0.05 } },
      regions: [
        { name: "Kidney left", organ: "kidney-left", volume_mL: 158, massUncertainty: 0.05 },
        { name: "Kidney right", organ: "kidney-right", volume_mL: 149, massUncertainty: 0.05 },
        { name: "Marrow L2-L4", organ: "marrow-L2-L4" },
      ],
      limits: { kidneys_Gy: 23, marrow_Gy: 1 },
      therapy: { graftDay_d: 14, acceptedRisk: 0.05 },
    }
    """

  init() throws {
    folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/p1", withIntermediateDirectories: true)
    try Data(Self.text.utf8).write(to: URL(filePath: folder + "/p1/case.json"))
    try Data(Self.curves.utf8).write(to: URL(filePath: folder + "/p1/curves.csv"))
    application = try WebApplication(
      folder: folder, actor: "physicist", gate: Gate(port: 1, token: "t", session: "s"),
      clock: { Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 0) })
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func get(
    _ path: String, _ query: [String: String] = [:], language: String = "en"
  ) throws -> (status: Int, value: JSONValue) {
    let answer = application.response(
      to: Request(
        path: path, headers: ["host": "localhost:1", "cookie": "endora-1=s", "accept-language": language], query: query)
    )
    return (answer.status, try JSONDocument(answer.body).value)
  }

  func post(_ path: String, _ body: JSONValue) throws -> (status: Int, value: JSONValue) {
    let headers = [
      "host": "localhost:1", "cookie": "endora-1=s", "content-type": "application/json", "origin": "http://localhost:1",
    ]
    let answer = application.response(
      to: Request(method: "POST", path: path, headers: headers, body: Array(try body.text().utf8)))
    return (answer.status, try JSONDocument(answer.body).value)
  }

  var caseText: String {
    get throws { String(decoding: try Data(contentsOf: URL(filePath: folder + "/p1/case.json")), as: UTF8.self) }
  }
}
