import Foundation
import JSON
import Testing
import Workbench

/// The one series that `pet suv` lists.
private func suv(_ header: SyntheticPET.Header, _ stated: StatedText = StatedText()) throws -> JSONValue {
  let pet = try SyntheticPET(header)
  let document = try PETListing(folder: pet.folder, stated: stated).document
  return try #require(document["series"]?[0])
}

private func factor(_ series: JSONValue) -> Double? { series["suvbw"]?["factor"]?.double }

private func codes(_ series: JSONValue) -> Set<String> {
  Set(series["findings"]?.array?.compactMap { $0["code"]?.string } ?? [])
}

private func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  a.map { ($0 / b - 1).magnitude < tolerance } ?? false
}

@Suite("The factor to SUV")
struct PETFactorTests {
  private let usual = 70_000 / (150e6 * exp2(-3600 / 4062.6))

  @Test("A sound series has weight over decayed activity and no findings")
  func sound() throws {
    let series = try suv(SyntheticPET.Header())
    #expect(close(factor(series), usual))
    #expect(codes(series) == [])
    #expect(series["suvbw"]?["referenceTime"]?.string == "2024-03-15T13:00:00")
    #expect(series["radionuclide"]?.string == "Ga-68")
    #expect(series["max"]?["voxel"] == [7, 7, 2])
    #expect(series["max"]?["positionMm"] == [28, 28, 10])
    #expect(close(series["max"]?["suvbw"]?.double, 165 * 2.5 * usual, 1e-6))
  }

  @Test("ADMIN takes the administered activity without decay")
  func administration() throws {
    var header = SyntheticPET.Header()
    header.decay = "ADMIN"
    #expect(close(factor(try suv(header)), 70_000 / 150e6))
  }

  @Test("NONE is refused, and corrected for the frame when a person asks for it")
  func uncorrected() throws {
    var header = SyntheticPET.Header()
    header.decay = "NONE"
    header.corrected = ["NORM", "ATTN", "SCAT"]
    #expect(try suv(header)["refused"]?["code"]?.string == "not-decay-corrected")
    var stated = StatedText()
    stated.correctsFrames = true
    #expect(close(factor(try suv(header, stated)), usual * 1.015_434_093_889_602_3))
    header.acquisitionTimes = ["130000", "130300"]
    #expect(try suv(header, stated)["refused"]?["code"]?.string == "frames-differ")
  }

  @Test("A time without its date is the last one before the scan, across midnight")
  func midnight() throws {
    var header = SyntheticPET.Header()
    header.startDateTime = nil
    header.startTime = "233000"
    header.seriesTime = "003000"
    header.acquisitionTimes = ["003000"]
    let series = try suv(header)
    #expect(close(factor(series), usual))
    #expect(codes(series) == ["inferred-administration-date"])
  }

  @Test("Times in two zones are brought to one clock")
  func zones() throws {
    var header = SyntheticPET.Header()
    header.startDateTime = "20240315110000.000000+0100"
    header.zone = "+0200"
    #expect(close(factor(try suv(header)), usual))
    header.startDateTime = "20240315160000.000000+0100"
    #expect(try suv(header)["refused"]?["code"]?.string == "administration-after-acquisition")
  }

  @Test("Two times of administration that differ are told of")
  func twoTimes() throws {
    var header = SyntheticPET.Header()
    header.startTime = "113000"
    #expect(codes(try suv(header)) == ["injection-times-differ"])
  }

  @Test("A series time after the acquisition is not the reference: Siemens is computed back, others take the earliest")
  func reprocessed() throws {
    var header = SyntheticPET.Header()
    header.seriesTime = "154500"
    #expect(close(factor(try suv(header)), usual))
    #expect(codes(try suv(header)) == ["series-after-acquisition"])
    header.manufacturer = "SIEMENS"
    header.acquisitionTimes = ["130000", "130500"]
    header.frameReference = "0"
    #expect(close(factor(try suv(header)), usual))
    header.acquisitionTimes = ["130500"]
    header.frameReference = "389769.669340049"
    #expect(close(factor(try suv(header)), usual, 1e-7))
  }

  @Test("Slices of a Siemens series that refer to different moments are refused")
  func contradictingReferences() throws {
    var header = SyntheticPET.Header()
    header.manufacturer = "SIEMENS"
    header.seriesTime = "154500"
    header.acquisitionTimes = ["130000", "131000"]
    header.frameReference = "389769"
    #expect(try suv(header)["refused"]?["code"]?.string == "reference-times-differ")
  }

  @Test("A series time half a day before the acquisition is refused")
  func mangledDates() throws {
    var header = SyntheticPET.Header()
    header.seriesTime = "000000"
    header.startDateTime = "20240314230000"
    header.startTime = nil
    #expect(try suv(header)["refused"]?["code"]?.string == "series-long-before-acquisition")
  }

  @Test("Published factors of vendors' headers come out")
  func vendors() throws {
    struct Vendor {
      let maker: String, weight: String, dose: String, halfLife: String
      let series: String, acquisition: String, start: String
      let frame: String, duration: String, factor: Double
    }
    // From the test headers of github.com/cornerstonejs/calculate-suv.
    let vendors = [
      Vendor(
        maker: "Philips", weight: "64", dose: "126000000", halfLife: "6586.199707", series: "110155",
        acquisition: "110156", start: "100058", frame: "1328700", duration: "120700",
        factor: 0.000_746_374_701_388_948_8),
      Vendor(
        maker: "SIEMENS", weight: "67", dose: "374000000", halfLife: "6586.2", series: "104829.000000",
        acquisition: "104830.351370", start: "083045.000000", frame: "38513.36", duration: "74324",
        factor: 0.000_427_483_161_871_972_36),
      Vendor(
        maker: "GE MEDICAL SYSTEMS", weight: "52", dose: "152022720", halfLife: "6586.2001953125", series: "095621",
        acquisition: "095621", start: "084500.00", frame: "0", duration: "120000", factor: 0.000_536_738_768_181_974_2),
      Vendor(
        maker: "CPS", weight: "69", dose: "388000000", halfLife: "6586.2", series: "134918.000000",
        acquisition: "130348.234000", start: "120037.000000", frame: "0", duration: "180000",
        factor: 0.000_265_033_127_641_570_46),
      Vendor(
        maker: "SIEMENS", weight: "65", dose: "225000000", halfLife: "6586.2", series: "123515.000000",
        acquisition: "123514.999995", start: "114100.000000", frame: "59936.854672596", duration: "120000",
        factor: 0.000_406_915_685_400_933_2),
      Vendor(
        maker: "SIEMENS", weight: "102", dose: "412000000", halfLife: "6586.2", series: "135431.843000",
        acquisition: "141555.687000", start: "125000.000000", frame: "1372857.9232493", duration: "180000",
        factor: 0.000_372_108_920_281_872_9),
    ]
    for vendor in vendors {
      var header = SyntheticPET.Header()
      (header.manufacturer, header.weight, header.dose) = (vendor.maker, vendor.weight, vendor.dose)
      (header.halfLife, header.nuclide) = (vendor.halfLife, nil)
      (header.seriesDate, header.seriesTime) = ("20201217", vendor.series)
      (header.acquisitionTimes, header.startTime) = ([vendor.acquisition], vendor.start)
      (header.startDateTime, header.frameReference, header.duration) = (nil, vendor.frame, vendor.duration)
      #expect(close(factor(try suv(header)), vendor.factor, 1e-6), "\(vendor.maker) \(vendor.weight) kg")
    }
  }

  @Test("Philips' factors hold for counts and for nothing else")
  func philips() throws {
    var header = SyntheticPET.Header()
    header.manufacturer = "Philips Medical Systems"
    header.philipsSUV = "0.000551"
    header.philipsActivity = "1.602563"
    #expect(close(factor(try suv(header)), usual))
    header.units = "CNTS"
    #expect(factor(try suv(header)) == 0.000551)
    header.philipsSUV = nil
    #expect(close(factor(try suv(header)), usual * 1.602563))
    header.philipsActivity = "0"
    #expect(try suv(header)["refused"]?["code"]?.string == "units")
  }

  @Test("Canon's private attribute verifies a factor and makes none")
  func canon() throws {
    var header = SyntheticPET.Header()
    header.manufacturer = "TOSHIBA"
    let first = try SyntheticPET(header)
    let plain = try #require(try PETListing(folder: first.folder).document["series"]?[0])
    let factor = try #require(plain["suvbw"]?["factor"]?.double)
    header.canonUnit = "SUVbw(X100)"
    func codes(_ slope: Double) throws -> [String] {
      header.slope = "\(slope)"
      let pet = try SyntheticPET(header)
      let series = try #require(try PETListing(folder: pet.folder).document["series"]?[0])
      #expect((try #require(series["suvbw"]?["factor"]?.double) / factor - 1).magnitude < 1e-9)
      return series["findings"]?.array?.compactMap { $0["code"]?.string } ?? []
    }
    #expect(try codes((0.01 / factor * 1e4).rounded() / 1e4).contains("canon-factor-agrees"))
    #expect(try codes((0.02 / factor * 1e4).rounded() / 1e4).contains("canon-factor-differs"))
    header.units = "PROPCNTS"
    let pet = try SyntheticPET(header)
    #expect(try PETListing(folder: pet.folder).document["series"]?[0]?["refused"] != nil)
  }

  @Test("Values that are uptake already are brought to body weight")
  func uptakeValues() throws {
    var header = SyntheticPET.Header()
    (header.units, header.slope) = ("GML", "0.01")
    #expect(factor(try suv(header)) == 1)
    (header.weight, header.height, header.sex) = ("80", "1.80", "M")
    header.suvType = "LBMJAMES128"
    #expect(close(factor(try suv(header)), 80 / 62.716_049_382_716_05))
    header.suvType = "LBMJANMA"
    #expect(close(factor(try suv(header)), 80 / 61.731_409_544_950_06))
    header.suvType = "LBM"
    #expect(try suv(header)["refused"]?["code"]?.string == "lean-formula-unnamed")
    header.suvType = "BSA"
    #expect(try suv(header)["refused"]?["code"]?.string == "suv-type")
    header.units = "CM2ML"
    #expect(close(factor(try suv(header)), 80_000 / 19_964.210_222_750_447))
    header.height = "180"
    #expect(try suv(header)["refused"]?["code"]?.string == "height")
  }

  @Test("What cannot be an uptake is refused", arguments: ["CNTS", "PROPCNTS", "PROPCPS", "NONE", "CPS"])
  func otherUnits(unit: String) throws {
    var header = SyntheticPET.Header()
    header.units = unit
    #expect(try suv(header)["refused"]?["code"]?.string == "units")
  }

  @Test("A half-life that is wrong by more than a percent gives way to the table's")
  func halfLife() throws {
    var header = SyntheticPET.Header()
    header.halfLife = "6586.2"
    #expect(close(factor(try suv(header)), usual))
    #expect(codes(try suv(header)) == ["half-life-differs"])
    header.halfLife = "4080"
    #expect(close(factor(try suv(header)), 70_000 / (150e6 * exp2(-3600.0 / 4080))))
    header.halfLife = nil
    #expect(close(factor(try suv(header)), usual))
    #expect(codes(try suv(header)) == ["half-life-missing"])
    header.nuclide = nil
    #expect(try suv(header)["refused"]?["code"]?.string == "missing-half-life")
  }

  @Test("What a person states takes the place of the header's and is told of")
  func stated() throws {
    var header = SyntheticPET.Header()
    (header.weight, header.dose, header.startTime, header.startDateTime) = (nil, nil, nil, nil)
    #expect(try suv(header)["refused"] != nil)
    var stated = StatedText()
    (stated.weight, stated.administered, stated.residual) = ("80 kg", "150 MBq", "5 MBq")
    stated.injected = "2024-03-15T12:00:00"
    let series = try suv(header, stated)
    #expect(close(factor(series), 0.001_019_704_432_247_408))
    #expect(codes(series) == ["stated-by-person"])
    #expect(series["findings"]?.array?.count == 4)
    stated.weight = "80"
    #expect(throws: CaseError.self) { try suv(header, stated) }
  }

  @Test("Two radiopharmaceuticals and a series without attenuation correction are refused")
  func unfit() throws {
    var header = SyntheticPET.Header()
    header.radiopharmaceuticals = 2
    #expect(try suv(header)["refused"]?["code"]?.string == "several-radiopharmaceuticals")
    header.radiopharmaceuticals = 1
    header.corrected = ["NORM", "DECY"]
    #expect(try suv(header)["refused"]?["code"]?.string == "no-attenuation-correction")
    header.corrected = ["NORM", "ATTN"]
    #expect(try suv(header)["refused"]?["code"]?.string == "contradicting-decay-correction")
  }

  @Test("An activity in MBq is read so only when the image confirms it")
  func megabecquerels() throws {
    var header = SyntheticPET.Header()
    header.dose = "150"
    #expect(try suv(header)["refused"]?["code"]?.string == "administered-activity")
    header.slope = "30000"
    let series = try suv(header)
    #expect(close(factor(series), usual))
    #expect(codes(series) == ["activity-in-megabecquerels"])
  }

  @Test("An image with more activity than was administered is told of")
  func tooMuch() throws {
    var header = SyntheticPET.Header()
    header.slope = "900000"
    #expect(codes(try suv(header)) == ["more-than-administered"])
  }

  @Test("A height that cannot be is left out where it is not needed")
  func needlessHeight() throws {
    var header = SyntheticPET.Header()
    header.height = "175"
    #expect(close(factor(try suv(header)), usual))
    #expect(codes(try suv(header)) == ["implausible-height"])
    (header.units, header.slope, header.height, header.weight) = ("GML", "0.01", nil, "70000")
    #expect(factor(try suv(header)) == 1)
    #expect(codes(try suv(header)) == ["implausible-weight"])
  }

  @Test("A file that is cut short is told of beside the series, and stops a measurement")
  func cutFile() throws {
    let pet = try SyntheticPET()
    let whole = try Data(contentsOf: URL(filePath: pet.folder + "/1.dcm"))
    try whole.prefix(200).write(to: URL(filePath: pet.folder + "/4.dcm"))
    let document = try PETListing(folder: pet.folder).document
    #expect(document["refusedFiles"]?[0]?["file"]?.string == "4.dcm")
    #expect(document["series"]?[0]?["suvbw"] != nil)
    #expect(throws: CaseError.self) { try PETProjection(folder: pet.folder, frames: 2) }
  }

  @Test("A folder without PET is refused as missing")
  func noPET() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    #expect(throws: (any Error).self) { try PETListing(folder: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: CaseError.self) { try PETListing(folder: folder) }
  }
}
