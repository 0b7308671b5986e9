import DICOM
import Foundation
import JSON
import Quantities
import Studies
import Testing
import Volumes

@testable import Workbench

@Suite("The dose in every voxel of a case")
struct VoxelDosimetryTests {
  private let start = Timestamp(iso8601: "2026-03-02T09:00:00+01:00")!
  private let hours = [4.0, 24, 96]
  private static let halfLife = 50.0
  private static let concentration = 2e5

  private let grid = Grid(
    columns: 16, rows: 14, slices: 12, origin: SIMD3(-30, -20, 100), columnStep: SIMD3(4.8, 0, 0),
    rowStep: SIMD3(0, 4.8, 0), sliceStep: SIMD3(0, 0, 4.8))

  private func isOrgan(_ voxel: Int) -> Bool {
    (4..<11).contains(voxel % 16) && (4..<10).contains(voxel / 16 % 14) && (3..<9).contains(voxel / 224)
  }

  /// A block of soft tissue in air with an organ of 7 × 6 × 6 voxels that alone takes up, as a case folder.
  private func caseFolder(hasCT: Bool = true, images: Int = 3, isNoisy: Bool = false) throws -> String {
    let folder = NSTemporaryDirectory() + "endora-dose-voxel-\(UUID().uuidString)"
    func writer(_ study: String, _ moment: Timestamp) -> StudyWriter {
      StudyWriter(
        study: study, patientName: "Synthetic^Voxels", patientID: "V", patientWeight: nil, started: moment,
        seed: UIDSeed(9, 1))
    }
    var first: WrittenSeries?
    for (index, time) in hours.prefix(images).enumerated() {
      let values = (0..<grid.count).map { voxel -> Float in
        // Noise with a mean of 1 that leaves half of the voxels without counts.
        let noise: Double = isNoisy ? ((voxel * 7919 + index * 104_729) % 97 < 48 ? 0 : 97.0 / 49) : 1
        return isOrgan(voxel) ? Float(noise * Self.concentration * exp2(-time / Self.halfLife)) : 0
      }
      let moment = Timestamp(secondsSince1970: start.secondsSince1970 + 3600 * time, utcOffset: start.utcOffset)
      let series = try writer("Scan \(index)", moment).write(
        QuantitativeSeriesDraft(
          image: Image(grid: grid, values: values), description: "SPECT", number: 1, frameOfReference: "patient",
          acquisitionStart: moment, frameDuration: .seconds(600), nuclide: "Lu-177", halfLife: .hours(159.528),
          injectedActivity: .megabecquerels(200), injection: start), to: folder + "/imaging/\(index)")
      first = first ?? series
    }
    if hasCT {
      // Half the voxel in the plane: 2 × 2 numbers average to one.
      let ct = Grid(
        columns: 32, rows: 28, slices: 12, origin: SIMD3(-31.2, -21.2, 100), columnStep: SIMD3(2.4, 0, 0),
        rowStep: SIMD3(0, 2.4, 0), sliceStep: SIMD3(0, 0, 4.8))
      let units = (0..<ct.count).map { place -> Int16 in
        let (i, j) = (place % 32, place / 32 % 28)
        return (2..<30).contains(i) && (2..<26).contains(j) ? 40 : -1000
      }
      _ = try writer("CT", start).writeCT(
        units, grid: ct, description: "CT", number: 5, frameOfReference: "patient", acquired: start,
        to: folder + "/imaging/ct")
    }
    func corner(_ i: Double, _ j: Double, _ k: Int) -> SIMD3<Double> {
      grid.origin + i * grid.columnStep + j * grid.rowStep + Double(k) * grid.sliceStep
    }
    let organ = Structure(
      name: "Organ",
      contours: (3..<9).map { k in
        [corner(3.5, 3.5, k), corner(10.5, 3.5, k), corner(10.5, 9.5, k), corner(3.5, 9.5, k)]
      })
    try writer("Scan 0", start).writeStructureSet(
      [organ], name: "Regions", number: 2, on: try #require(first), drawn: start,
      to: folder + "/imaging/structures.dcm")
    let text = """
      {
        format: "endora-case-1", name: "Voxels", nuclide: "Lu-177", agent: "[177Lu]Pentixather",
        administrations: [{ activity_MBq: 200, start: "\(start)" }],
        measurements: { spect: { folder: "imaging", calibrationUncertainty: 0.03, recovery: { method: "none" },
          outlineImage: { voxel_mm: 2.4, fwhm_mm: 2.0 } } },
        regions: [{ name: "Organ", organ: "lesion", structure: "Organ" }],
      }
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/case.json"))
    return folder
  }

  private func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  private func mean(_ document: JSONValue, _ method: String) throws -> Double {
    try #require(document["regions"]?.array?.first?["doses"]?[method]?["mean"]?["value"]?.double)
  }

  /// Ã Δ/ρ: 2·10⁵ Bq/mL, 50 h, 0.14792 MeV of ICRP 107, 1.04976 g/mL of Schneider at 40 HU.
  private var expected: Double {
    let decaysPerMillilitre = Self.concentration * Self.halfLife / log(2) * 3600
    let joules = 0.14792 * 1.602176634e-13
    return decaysPerMillilitre * joules / 1.04976e-3
  }

  @Test("All methods meet the truth of an even organ, and their differences are those of their means")
  func methods() throws {
    let folder = try caseFolder()
    defer { remove(folder) }
    let cache = folder + "/cache"
    let result = try VoxelDosimetry(
      case: folder, options: .init(choice: .all, uncertainty: 0.03), cacheFolder: cache)
    let document = result.document
    #expect(isClose(try mean(document, "local"), expected, 3e-3))
    // The organ keeps 93 % of the electrons' energy of its outer voxels and gains some photons' energy.
    let transport = try mean(document, "transport")
    #expect(transport < 1.01 * expected && transport > 0.93 * expected)
    #expect(isClose(try mean(document, "kernel"), transport, 0.02))
    let row = try #require(document["regions"]?.array?.first)
    let stated = try #require(row["differences"]?["local"]?.double)
    #expect(abs(stated - (try mean(document, "local") / transport - 1)) < 1e-9)
    #expect(isClose(try #require(row["volume"]?["value"]?.double), 252 * 0.110592, 1e-6))
    #expect(try #require(document["transport"]?["uncertainty"]?.double) <= 0.03)
    let out = folder + "/out"
    try result.write(to: out, created: start)
    let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
    #expect(
      names == [
        "comparison.svg", "dose-kernel.dcm", "dose-kernel.nii", "dose-local.dcm", "dose-local.nii",
        "dose-transport.dcm", "dose-transport.nii", "dose.json", "uncertainty-transport.nii",
      ])
    // The dose map reads back as an RT Dose of the same doses.
    let map = try DoseMap(path: out + "/dose-local.dcm")
    #expect(isClose(Double(try #require(map.image.values.max())), expected, 3e-3))
    #expect(result.summary(folder: out).contains("Organ"))
  }

  @Test("Noise that empties half of the voxels at every time leaves the mean dose of the organ as it is, within 5 %")
  func noise() throws {
    let folder = try caseFolder(isNoisy: true)
    defer { remove(folder) }
    let result = try VoxelDosimetry(case: folder, options: .init(choice: .local))
    #expect(isClose(try mean(result.document, "local"), expected, 0.05))
  }

  @Test("Kernels of each voxel's own tissue serve soft tissue as well")
  func tissueKernels() throws {
    let folder = try caseFolder()
    defer { remove(folder) }
    func dose(_ kernels: VoxelDosimetry.Kernels) throws -> Double {
      try mean(
        VoxelDosimetry(
          case: folder, options: .init(choice: .kernel, kernels: kernels, reach: 5), cacheFolder: folder + "/cache"
        ).document, "kernel")
    }
    #expect(isClose(try dose(.tissue), try dose(.water), 0.01))
  }

  @Test("A transport's state is kept, and the next run with a finer goal goes on from it")
  func state() throws {
    let folder = try caseFolder()
    defer { remove(folder) }
    func histories(_ uncertainty: Double, _ state: String?) throws -> (Int, [Float]) {
      let result = try VoxelDosimetry(
        case: folder, options: .init(choice: .transport, uncertainty: uncertainty, state: state))
      return (try #require(result.transport).histories, result.maps[0].doses)
    }
    let file = folder + "/state"
    _ = try histories(0.05, file)
    #expect(FileManager.default.fileExists(atPath: file))
    let again = try histories(0.05, file)
    let anew = try histories(0.05, nil)
    #expect(again.0 == anew.0 && again.1 == anew.1)
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: CaseError.self) { try histories(0.05, file) }
    #expect(error?.code == "state-broken")
  }

  @Test("Without a CT transport is refused and the others say what they assume; one image needs a half-life")
  func missing() throws {
    let folder = try caseFolder(hasCT: false, images: 1)
    defer { remove(folder) }
    func result(_ choice: VoxelDosimetry.Choice, _ halfLife: Double?) throws -> VoxelDosimetry {
      try VoxelDosimetry(case: folder, options: .init(choice: choice, halfLife: halfLife))
    }
    #expect(#expect(throws: CaseError.self) { try result(.transport, 50) }?.code == "ct-missing")
    #expect(#expect(throws: CaseError.self) { try result(.local, nil) }?.code == "one-image")
    #expect(#expect(throws: CaseError.self) { try result(.local, 200) }?.code == "half-life-invalid")
    let local = try result(.local, 50)
    #expect(local.findings.contains { $0.code == "no-ct" })
    // Soft tissue of ICRU 44 has 1.06 g/mL.
    #expect(isClose(try mean(local.document, "local"), expected * 1.04976 / 1.06, 3e-3))
    let error = #expect(throws: CaseError.self) {
      try VoxelDosimetry(case: folder, options: .init(choice: .local, halfLife: 50, tissues: "wood"))
    }
    #expect(error?.code == "tissues-unknown")
  }
}
