import Testing

@testable import DICOM

@Suite("DICOMweb")
struct WebPeerTests {
  private func answer(_ type: String, _ body: [UInt8]) -> WebPeer.Answer {
    WebPeer.Answer(status: 200, contentType: type, body: body)
  }

  @Test("Files that are sent in one body come out of it as they were")
  func parts() throws {
    let files: [[UInt8]] = [[1, 2, 13, 10, 45, 45, 3], [], Array("--edge".utf8), [UInt8](0...255)]
    let body = WebPeer.multipart(files, boundary: "edge-7")
    #expect(try WebPeer.parts(of: answer(body.type, body.bytes)).map(Array.init) == files)
    let quoted = "Multipart/Related; boundary=\"edge-7\"; type=\"application/dicom\""
    #expect(try WebPeer.parts(of: answer(quoted, body.bytes)).count == 4)
  }

  @Test("An answer that is cut, or of another kind, is refused")
  func malformed() throws {
    let body = WebPeer.multipart([[1, 2, 3], [4, 5]], boundary: "edge")
    for cut in [1, 20, body.bytes.count - 12] {
      let bytes = Array(body.bytes.dropLast(cut == 1 ? 12 : cut))
      #expect(throws: DICOMError.self, "\(cut)") { try WebPeer.parts(of: answer(body.type, bytes)) }
    }
    for type in ["application/dicom", "multipart/related", "multipart/related; boundary=", ""] {
      #expect(throws: DICOMError.self) { try WebPeer.parts(of: answer(type, body.bytes)) }
    }
  }

  @Test(
    "What is no plain address is refused before anything is sent",
    arguments: [
      "ftp://a/b", "http://", "https:///x", "http://user:word@a/b", "http://a/b?c", "http://a b", "http://a/\r\nX: y",
      "",
    ])
  func address(_ url: String) {
    #expect(#expect(throws: DICOMError.self) { try WebPeer(url: url) }?.code == "web-address")
    #expect(throws: DICOMError.self) { try WebPeer(url: "http://a/b", authorization: "Bearer x\r\nHost: y") }
  }

  @Test("A service that is not there is told as no connection")
  func absent() throws {
    let error = #expect(throws: DICOMError.self) {
      try WebPeer(url: "http://127.0.0.1:9/dicom-web").request("/studies", accepting: "application/dicom+json")
    }
    #expect(error?.code == "no-connection")
  }
}
