import Foundation
import Testing

@testable import Laboratory

@Suite struct FlowJoTests {
  @Test(
    "Populations of a FlowJo workspace hold as many events as FlowKit counts",
    .enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
  func counts() throws {
    let sample = try FlowJoWorkspace(Array(Self.workspace.utf8)).sample(ofFile: "P01_high_cxcr4.fcs")
    let dataset = try FCSFile(path: ReferenceData.path("synthetic_aml/P01_high_cxcr4.fcs")).datasets[0]
    // FlowKit 1.3.2, which draws ellipses as polygons of 128 corners and so has fewer events in them.
    let expected = [
      ("Cells", 34846, 0), ("Cells/PE bright", 24150, 0), ("Cells/APC outside", 25561, 0),
      ("Cells/Not bright", 10696, 0), ("Cells/Round", 3081, 6), ("Cells/Both", 1124, 6),
    ]
    let (exact, binned) = (try sample.gates.apply(to: dataset), try sample.binnedGates.apply(to: dataset))
    for (name, count, more) in expected {
      let index = try #require(exact.index(of: name))
      #expect((count...count + more).contains(exact.counts[index]), "\(name) \(exact.counts[index])")
      #expect(abs(Double(binned.counts[index]) / Double(count) - 1) < 0.05, "\(name) \(binned.counts[index])")
    }
    #expect(sample.counts["Cells/Round"] == 4)
  }

  @Test("Names with escaped characters, and samples that are not there, are told apart")
  func samples() throws {
    let workspace = try FlowJoWorkspace(Array(Self.workspace.utf8))
    #expect(workspace.files == ["P01_high_cxcr4.fcs"])
    #expect(throws: LaboratoryError.self) { try workspace.sample(ofFile: "other.fcs") }
    #expect(throws: LaboratoryError.self) { try FlowJoWorkspace(Array("<a/>".utf8)) }
  }

  @Test("A population whose gate is not read is left out with all that lies within it, and said")
  func leftOut() throws {
    let text = Self.workspace.replacing("<gating:PolygonGate eventsInside=\"1\">", with: "<gating:CurlyGate>")
      .replacing("</gating:PolygonGate>", with: "</gating:CurlyGate>")
    let sample = try FlowJoWorkspace(Array(text.utf8)).sample(ofFile: "P01_high_cxcr4.fcs")
    #expect(sample.gates.gates.isEmpty && sample.findings.map(\.code) == ["population-left-out"])
  }

  @Test("A sample that cannot be read does not keep others from being read, and a renamed file is found by its $FIL")
  func neighbours() throws {
    let other =
      "<Sample><DataSet uri=\"file:/data/moved.fcs\" sampleID=\"2\"/><Transformations><transforms:odd>"
      + "<data-type:parameter data-type:name=\"PE-A\"/></transforms:odd></Transformations>"
      + "<Keywords><Keyword name=\"$FIL\" value=\"before.fcs\"/></Keywords><SampleNode name=\"m\"/></Sample></SampleList>"
    let text = Self.workspace.replacing("</SampleList>", with: other)
    let workspace = try FlowJoWorkspace(Array(text.utf8))
    #expect(workspace.files == ["P01_high_cxcr4.fcs", "moved.fcs"])
    #expect(try workspace.sample(ofFile: "P01_high_cxcr4.fcs").gates.gates.count > 3)
    let error = #expect(throws: LaboratoryError.self) { try workspace.sample(ofFile: "before.fcs") }
    #expect(error?.code == "workspace-invalid")
  }

  static let workspace = #"""
    <?xml version="1.0" encoding="UTF-8"?>
    <Workspace version="20.0" flowJoVersion="10.8.1" xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating" xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations" xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">
    <Groups><GroupNode name="All Samples" owningGroup="All Samples"><Group name="All Samples"><SampleRefs><SampleRef sampleID="1"/></SampleRefs></Group></GroupNode></Groups>
    <SampleList><Sample><DataSet uri="file:/data/P01%5Fhigh_cxcr4.fcs" sampleID="1"/>
    <transforms:spilloverMatrix spectral="0" weightOptAlgorithmType="OLS" prefix="Comp-" suffix="" name="M">
    <data-type:parameters><data-type:parameter data-type:name="PE-A"/><data-type:parameter data-type:name="PerCP-Cy5-5-A"/></data-type:parameters>
    <transforms:spillover data-type:parameter="PE-A"><transforms:coefficient data-type:parameter="PE-A" transforms:value="1"/><transforms:coefficient data-type:parameter="PerCP-Cy5-5-A" transforms:value="0.25"/></transforms:spillover>
    <transforms:spillover data-type:parameter="PerCP-Cy5-5-A"><transforms:coefficient data-type:parameter="PE-A" transforms:value="0.05"/><transforms:coefficient data-type:parameter="PerCP-Cy5-5-A" transforms:value="1"/></transforms:spillover>
    </transforms:spilloverMatrix>
    <Transformations>
    <transforms:linear transforms:minRange="0" transforms:maxRange="262144" gain="1"><data-type:parameter data-type:name="FSC-A"/></transforms:linear>
    <transforms:linear transforms:minRange="0" transforms:maxRange="262144" gain="1"><data-type:parameter data-type:name="SSC-A"/></transforms:linear>
    <transforms:biex transforms:length="256" transforms:maxRange="262144.000029" transforms:neg="0" transforms:width="-100" transforms:pos="4.41854"><data-type:parameter data-type:name="Comp-PE-A"/></transforms:biex>
    <transforms:biex transforms:length="256" transforms:maxRange="262144.000029" transforms:neg="0" transforms:width="-100" transforms:pos="4.41854"><data-type:parameter data-type:name="PE-A"/></transforms:biex>
    <transforms:biex transforms:length="256" transforms:maxRange="262144.000029" transforms:neg="0.5" transforms:width="-10" transforms:pos="4.41854"><data-type:parameter data-type:name="PerCP-Cy5-5-A"/></transforms:biex>
    <transforms:log transforms:offset="10" transforms:decades="4"><data-type:parameter data-type:name="APC-A"/></transforms:log>
    </Transformations>
    <Keywords><Keyword name="$FIL" value="P01_high_cxcr4.fcs"/></Keywords>
    <SampleNode name="P01_high_cxcr4.fcs" count="40000" owningGroup="" sampleID="1"><Subpopulations>
    <Population name="Cells" count="1" owningGroup=""><Gate><gating:PolygonGate eventsInside="1"><gating:dimension><data-type:fcs-dimension data-type:name="FSC-A"/></gating:dimension><gating:dimension><data-type:fcs-dimension data-type:name="SSC-A"/></gating:dimension>
    <gating:vertex><gating:coordinate data-type:value="20000"/><gating:coordinate data-type:value="1000"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="200000"/><gating:coordinate data-type:value="1000"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="180000"/><gating:coordinate data-type:value="120000"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="30000"/><gating:coordinate data-type:value="90000"/></gating:vertex>
    </gating:PolygonGate></Gate>
    <Subpopulations>
    <Population name="PE bright" count="2" owningGroup=""><Gate><gating:RectangleGate eventsInside="1"><gating:dimension gating:min="3000"><data-type:fcs-dimension data-type:name="Comp-PE-A"/></gating:dimension></gating:RectangleGate></Gate></Population>
    <Population name="APC outside" count="3" owningGroup=""><Gate><gating:RectangleGate eventsInside="0"><gating:dimension gating:min="100" gating:max="2000"><data-type:fcs-dimension data-type:name="APC-A"/></gating:dimension></gating:RectangleGate></Gate></Population>
    <Population name="Round" count="4" owningGroup=""><Gate><gating:EllipsoidGate eventsInside="1" gating:distance="60"><gating:dimension><data-type:fcs-dimension data-type:name="Comp-PE-A"/></gating:dimension><gating:dimension><data-type:fcs-dimension data-type:name="Comp-PerCP-Cy5-5-A"/></gating:dimension>
    <gating:foci><gating:vertex><gating:coordinate data-type:value="110"/><gating:coordinate data-type:value="55"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="155"/><gating:coordinate data-type:value="70"/></gating:vertex></gating:foci>
    <gating:edge><gating:vertex><gating:coordinate data-type:value="104.03948"/><gating:coordinate data-type:value="53.01316"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="160.96052"/><gating:coordinate data-type:value="71.98684"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="126.5"/><gating:coordinate data-type:value="80.5"/></gating:vertex><gating:vertex><gating:coordinate data-type:value="138.5"/><gating:coordinate data-type:value="44.5"/></gating:vertex></gating:edge>
    </gating:EllipsoidGate></Gate></Population>
    <NotNode name="Not bright" count="5" owningGroup=""><Dependents><Dependent name="Cells/PE bright"/></Dependents></NotNode>
    <AndNode name="Both" count="6" owningGroup=""><Dependents><Dependent name="Cells/PE bright"/><Dependent name="Cells/Round"/></Dependents></AndNode>
    </Subpopulations></Population>
    </Subpopulations></SampleNode>
    </Sample></SampleList></Workspace>
    """#
}
