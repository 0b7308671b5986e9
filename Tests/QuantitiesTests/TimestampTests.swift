import Quantities
import Testing

@Suite("Moments")
struct TimestampTests {
  @Test(
    "ISO 8601 with an offset is read",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-02T09:03:00+01:00", 1_793_606_580, 3600),
      ("2026-11-02T08:03Z", 1_793_606_580, 0), ("2000-02-29T12:00:00-05:30", 951_845_400, -19_800),
      ("1969-12-31T23:59:59.5Z", -0.5, 0), ("1900-01-01T00:00:00Z", -2_208_988_800, 0),
      ("2200-12-31T23:59:59Z", 7_289_654_399, 0), ("2038-01-19T03:14:08+00:00", 2_147_483_648, 0),
    ] as [(String, Double, Int)])
  func read(text: String, seconds: Double, offset: Int) throws {
    let moment = try #require(Timestamp(iso8601: text))
    #expect(moment.secondsSince1970 == seconds)
    #expect(moment.utcOffset == offset)
  }

  @Test(
    "A text that is no moment with an offset is refused",
    arguments: [
      "", "Z", "T", "2026-11-02", "2026-11-02T09:03:00", "2026-11-02 09:03:00Z", "2026-02-29T00:00Z",
      "1900-02-29T00:00Z",
      "2100-02-29T00:00Z", "2026-04-31T00:00Z", "2026-13-01T00:00Z", "2026-00-01T00:00Z", "2026-01-00T00:00Z",
      "2026-01-01T24:00Z", "2026-01-01T00:60Z", "2026-01-01T00:00:61Z", "1899-12-31T00:00Z",
      "2201-01-01T00:00Z", "26-01-01T00:00Z", "2026-1-01T00:00Z", "2026-01-01T0:00Z", "2026-01-01T00:00:0Z",
      "2026-01-01T00:00:00.Z", "2026-01-01T00:00:.5Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+0100",
      "2026-01-01T00:00:00+15:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00ZZ",
      "2026-01-01T00:00:1e1Z", "2026-01-01T00:00:0x1Z", "²026-01-01T00:00Z", "2026-01-01T00:00:000Z",
      "2026-01-01T00:00:1.2.3Z", "-2026-01-01T00:00Z", "2026-01-01T00:00:00+01:00:00", "2026-01-01T00:00:00+ 1:00",
      "2026-01-01T00:00:00+14:30",
    ])
  func refused(text: String) { #expect(Timestamp(iso8601: text) == nil) }

  @Test("A leap second is the first of the next minute")
  func leapSecond() {
    #expect(Timestamp(iso8601: "2016-12-31T23:59:60Z") == Timestamp(iso8601: "2017-01-01T00:00:00Z"))
  }

  @Test("Every day from 1900 to 2200 follows the day before and comes back from its parts")
  func calendar() throws {
    var expected = -25567.0
    for year in 1900...2200 {
      for month in 1...12 {
        for day in 1...31 {
          guard let time = LocalTime(year: year, month: month, day: day, hour: 23, minute: 59, second: 59) else {
            continue
          }
          #expect(time.secondsSince1970 == expected * 86400 + 86399)
          let c = time.components
          #expect((c.year, c.month, c.day) == (year, month, day))
          #expect((c.hour, c.minute, c.second) == (23, 59, 59))
          expected += 1
        }
      }
    }
    #expect(expected == -25567 + 109_938)
  }

  @Test("A moment comes back from its text on its own clock")
  func roundTrip() throws {
    for text in ["2026-11-02T09:03:00+01:00", "1969-12-31T23:59:59-09:30", "2000-02-29T00:00:00+00:00"] {
      #expect(try #require(Timestamp(iso8601: text)).description == text)
    }
    #expect(Timestamp(iso8601: "2026-01-01T05:00:00Z")?.description == "2026-01-01T05:00:00+00:00")
  }

  @Test("Text shows the whole second that has begun, before 1970 too")
  func fractions() throws {
    #expect(try #require(LocalTime(iso8601: "1969-12-31T23:59:59.75")).description == "1969-12-31T23:59:59")
    #expect(try #require(LocalTime(iso8601: "2026-01-01T10:20:30.999")).description == "2026-01-01T10:20:30")
  }

  @Test("The time between two clocks counts their offsets")
  func difference() throws {
    let berlin = try #require(Timestamp(iso8601: "2026-11-02T09:00:00+01:00"))
    let london = try #require(Timestamp(iso8601: "2026-11-02T09:00:00Z"))
    #expect(london - berlin == .hours(1) && berlin < london)
    #expect((berlin + .days(1)).description == "2026-11-03T09:00:00+01:00")
    #expect(berlin.local == london.local && berlin.local.at(utcOffset: 0) == london)
    #expect(berlin.local.date == "2026-11-02")
  }

  @Test(
    "Moments far outside the calendar do not trap",
    arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300, 1e18, -1e15])
  func extremes(seconds: Double) {
    _ = LocalTime(secondsSince1970: seconds).description
    _ = Timestamp(secondsSince1970: seconds, utcOffset: .min).description
  }
}
