import Provenance
import Testing

@Suite("Digests")
struct DigestTests {
  /// NIST, examples of SHA-256 (FIPS 180-4): empty, one block, two blocks, a million letters.
  @Test(
    "The vectors of NIST",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func vectors(text: String, hexadecimal: String) {
    #expect(Digest(of: text.utf8).hexadecimal == hexadecimal)
    #expect(Digest(of: AnySequence(text.utf8)).description == hexadecimal)
  }

  @Test("Pieces give the digest of the whole")
  func pieces() {
    var hasher = Digest.Hasher()
    hasher.update([] as [UInt8])
    for byte in "abc".utf8 { hasher.update([byte]) }
    #expect(hasher.finalize() == Digest(of: "abc".utf8))
  }

  @Test("A digest of many does not depend on their order but on their number")
  func combining() {
    let (a, b) = (Digest(of: "a".utf8), Digest(of: "b".utf8))
    #expect(Digest.combining([a, b]) == Digest.combining([b, a]))
    #expect(Digest.combining([a, a]) != Digest.combining([a]))
    #expect(Digest.combining([a]) != Digest.combining([b]))
  }

  @Test("Eight digits in two groups for people")
  func short() { #expect(Digest(of: "abc".utf8).short == "ba78 16bf") }
}

@Suite("Findings")
struct FindingTests {
  private func finding(_ severity: Finding.Severity, _ code: String) -> Finding {
    Finding(severity, code: code, title: code, "Text.", origin: "Test")
  }

  @Test("Findings are sorted worst first, each once, otherwise as they were made")
  func worstFirst() {
    let made = [
      finding(.info, "a"), finding(.serious, "b"), finding(.caution, "c"), finding(.serious, "d"),
      finding(.serious, "b"), finding(.info, "e"),
    ]
    #expect(made.worstFirst().map(\.code) == ["b", "d", "c", "a", "e"])
    #expect([Finding]().worstFirst().isEmpty)
  }

  @Test("A worse finding comes before a lesser one")
  func order() { #expect(Finding.Severity.serious < .caution && .caution < Finding.Severity.info) }
}

@Suite("Suggestions")
struct SuggestionTests {
  @Test(
    "The nearest name is suggested, and none when none is near",
    arguments: [
      ("injectionStrat", "injectionStart"), ("INJECTIONSTART", "injectionStart"), ("injectonStart", "injectionStart"),
      ("mas", "mass"), ("msas", "mass"), ("zzz", nil), ("", nil), ("m", nil), ("scanStart_", "scanStart"),
      (String(repeating: "x", count: 1_000_000), nil),
    ] as [(String, String?)])
  func nearest(written: String, meant: String?) {
    #expect(Suggestion.nearest(to: written, among: ["injectionStart", "scanStart", "mass"]) == meant)
  }
}

@Suite("Sources and refusals")
struct SourceTests {
  private struct Refused: Refusal {
    let code = "x"
    let reason = "It was so."
    let remedy = "Do this."
    let category = RefusalCategory.input
  }

  @Test("A refusal shows two lines and its kind the exit code of sysexits")
  func refusal() {
    #expect(Refused().description == "It was so.\nDo this.")
    let codes: [RefusalCategory] = [.usage, .input, .missing, .internalFault, .inputOutput]
    #expect(codes.map(\.rawValue) == [64, 65, 66, 70, 74])
  }

  @Test("A value that was not read in its source is unverified")
  func unverified() {
    #expect(Sourced(1, Source("Remembered", .unverified)).isUnverified)
    #expect(!Sourced(1, Source("Read")).isUnverified)
  }
}
