import Testing

@testable import Laboratory

@Suite struct GatingTests {
  private func document(_ body: String) -> [UInt8] {
    Array(
      "<?xml version=\"1.0\"?><g:Gating-ML xmlns:g=\"a\" xmlns:t=\"b\" xmlns:d=\"c\"><!-- gates -->\(body)</g:Gating-ML>"
        .utf8)
  }

  private func rectangle(_ id: String, _ parent: String = "", _ minimum: Double = 0) -> String {
    """
    <g:RectangleGate g:id="\(id)"\(parent.isEmpty ? "" : " g:parent_id=\"\(parent)\"")>
    <g:dimension g:compensation-ref="uncompensated" g:min="\(minimum)"><d:fcs-dimension d:name="PE-A"/></g:dimension>
    </g:RectangleGate>
    """
  }

  @Test("Points on the border of a polygon are inside, self-crossing parts go by even and odd")
  func polygon() {
    let square = [Gate.Point(0, 0), Gate.Point(4, 0), Gate.Point(4, 4), Gate.Point(0, 4)]
    for (x, y) in [(0.0, 0.0), (4, 2), (2, 4), (0, 3), (2, 2)] { #expect(GateTest.contains(square, x, y), "\(x) \(y)") }
    for (x, y) in [(4.001, 2.0), (-0.001, 0), (2, .nan), (.infinity, 1)] { #expect(!GateTest.contains(square, x, y)) }
    let star = [Gate.Point(0, 3), Gate.Point(2, -3), Gate.Point(-3, 1), Gate.Point(3, 1), Gate.Point(-2, -3)]
    #expect(!GateTest.contains(star, 0, 0))
    #expect(GateTest.contains(star, 0, 2))
  }

  @Test("A gate holds what it and its parents hold, and a complement the rest")
  func hierarchy() throws {
    let gates = try GateSet(
      gatingML: document(
        rectangle("child", "parent", 0) + rectangle("parent", "", -500)
          + "<g:BooleanGate g:id=\"rest\"><g:not><g:gateReference g:ref=\"child\"/></g:not></g:BooleanGate>"))
    let dataset = try FCSWritingTests.dataset()
    let result = try gates.apply(to: dataset)
    let values = dataset.events[channel: 2]
    #expect(result.counts == [values.count { $0 >= 0 }, values.count { $0 >= -500 }, values.count { $0 < 0 }])
    #expect(result.counts[0] > 50)
  }

  @Test("Compensation undoes spillover, square or with more detectors than fluorochromes")
  func spillover() throws {
    let truth = [[100.0, 0, 50], [10, 200, 7]]
    let rows = [[1.0, 0.2, 0.05], [0.1, 1, 0.3]]
    let columns = (0..<3).map { d in (0..<3).map { e in truth[0][e] * rows[0][d] + truth[1][e] * rows[1][d] } }
    let channels = (0..<3).map {
      FCSChannel(
        index: $0, name: "D\($0)", label: nil, range: 1000, storage: .float64, amplification: .linear(gain: 1))
    }
    let dataset = try FCSDataset(channels: channels, events: EventTable(columns: columns))
    let matrix = try SpilloverMatrix(fluorochromes: ["F", "P"], detectors: ["D0", "D1", "D2"], rows: rows)
    for (name, expected) in zip(["F", "P"], truth) {
      let found = try dataset.values(of: GateDimension(.channel(name), compensation: .matrix(matrix)))
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
    }
    let singular = try SpilloverMatrix(fluorochromes: ["F", "P"], detectors: ["D0", "D1"], rows: [[1, 1], [1, 1]])
    #expect(throws: LaboratoryError.self) {
      try dataset.values(of: GateDimension(.channel("F"), compensation: .matrix(singular)))
    }
  }

  @Test("Documents that are damaged, foreign or refer to nothing are refused")
  func refusals() throws {
    let bodies = [
      rectangle("a", "missing"), rectangle("a") + rectangle("a"), rectangle("a", "b") + rectangle("b", "a"),
      "<g:RectangleGate g:id=\"a\">", "<g:PolygonGate g:id=\"a\"></g:PolygonGate>",
      "<t:transformation t:id=\"x\"><t:logicle t:T=\"100\" t:W=\"9\" t:M=\"4\" t:A=\"0\"/></t:transformation>",
      String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100), "&unknown;",
    ]
    for body in bodies { #expect(throws: LaboratoryError.self, "\(body)") { try GateSet(gatingML: document(body)) } }
    #expect(throws: LaboratoryError.self) { try GateSet(gatingML: Array("<!DOCTYPE a><a/>".utf8)) }
    #expect(throws: LaboratoryError.self) { try GateSet(gatingML: Array("<Workspace/>".utf8)) }
    #expect(throws: LaboratoryError.self) { try GateSet(gatingML: []) }
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>"
    let encoded = "<?xml version=\"1.0\" encoding=\"UTF-7\"?><Gating-ML/>"
    for text in [bomb, encoded, "<Gating-ML></Gating-ML><more/>", "<Gating-ML>\0</Gating-ML>"] {
      #expect(throws: LaboratoryError.self, "\(text)") { try GateSet(gatingML: Array(text.utf8)) }
    }
    #expect(try GateSet(gatingML: Array("\u{FEFF}<Gating-ML/>".utf8)).gates.isEmpty)
    let foreign = try GateSet(
      gatingML: document(rectangle("a").replacing("PE-A", with: "APC-A")))
    #expect(throws: LaboratoryError.self) { try foreign.apply(to: try FCSWritingTests.dataset()) }
  }

  @Test("Written identifiers are valid by ISAC's schema, and a matrix is read back as it was")
  func identifiers() throws {
    let x = GateDimension(.channel("PE-A"), compensation: .none)
    let gates = try GateSet([
      Gate("CD45 dim/SSC low", .rectangle([.init(x, minimum: 1, maximum: 2)])),
      Gate("CD45 dim_SSC low", parent: "CD45 dim/SSC low", .rectangle([.init(x, minimum: 1, maximum: nil)])),
      Gate("7-AAD", .combination(.not, [.init("CD45 dim/SSC low")])),
    ])
    let again = try GateSet(gatingML: Array(gates.gatingML().utf8))
    #expect(again.gates.map(\.name) == ["CD45_dim_SSC_low", "CD45_dim_SSC_low_", "_7-AAD"])
    #expect(again.gates[1].parent == "CD45_dim_SSC_low")
    let matrix = try SpilloverMatrix(fluorochromes: ["a"], detectors: ["a", "b"], rows: [[1, 0.25]])
    #expect(try SpilloverMatrix(gatingML: Array(matrix.gatingML().utf8)) == matrix)
    #expect(throws: LaboratoryError.self) { try SpilloverMatrix(gatingML: Array(gates.gatingML().utf8)) }
    let scale = BoundedScale(.flooredLogarithm(offset: 1, decades: 4))
    let foreign = try GateSet([
      Gate("a", .rectangle([.init(GateDimension(.channel("A"), scale: scale), minimum: 0, maximum: 1)]))
    ])
    #expect(throws: LaboratoryError.self) { try foreign.gatingML() }
  }

  @Test("The median ratio's interval holds the ratio and widens with fewer events")
  func receptor() throws {
    func width(_ count: Int) throws -> Double {
      let low = (0..<count).map { 10 + Double($0 % 37) / 4 }
      let result = try ReceptorExpression(
        population: "x", stained: low.map { $0 * 5 }, of: count, isotype: low, of: count, seed: 1)
      #expect(abs(try #require(result.medianRatio) - 5) < 1e-12)
      let interval = try #require(result.medianRatioInterval)
      #expect(interval.contains(5))
      return interval.upperBound - interval.lowerBound
    }
    #expect(try width(100) > 2 * width(10_000))
  }
}
