import JSON
import Testing

@Suite("S value command")
struct SValueCommandTests {
  @Test("dose s-value keeps its contract")
  func contract() throws {
    let run = try endora([
      "dose", "s-value", "--nuclide", "Lu-177", "--phantom", "adult-male", "--source", "kidneys", "--target",
      "red marrow",
      "--json",
    ])
    try #require(run.code == 0, "\(run.errors)")
    let document = try JSONDocument(run.output.utf8).root.value
    for key in ["value", "electron", "photon", "alpha", "relativeUncertainty"] {
      #expect(document[key]?.double != nil, "\(key)")
    }
    #expect(document["unit"]?.string == "Gy/(Bq s)")
    #expect(document["set"]?.string == "endora")
  }

  @Test("An unknown region ends with what there is and exit code 65")
  func unknown() throws {
    let run = try endora([
      "dose", "s-value", "--nuclide", "Lu-177", "--phantom", "adult-male", "--source", "tail", "--target", "liver",
    ])
    #expect(run.code == 65)
    #expect(run.errors.contains("kidneys"))
    #expect(run.output.isEmpty)
  }
}
