import Foundation
import JSON
import Provenance
import Testing
import Therapy

@testable import Workbench

/// A copy of the example whose file has one text replaced.
private func withCourse<Result>(
  _ file: String, replacing old: String = "", by new: String = "", _ body: (String) throws -> Result
) throws -> Result {
  let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
  try FileManager.default.copyItem(atPath: repository + "/Examples/synthetic-course", toPath: folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
  #expect(old.isEmpty || text.contains(old))
  try text.replacingOccurrences(of: old, with: new).write(
    toFile: folder + "/" + file, atomically: true, encoding: .utf8)
  return try body(folder)
}

private func code(_ file: String, replacing old: String, by new: String, _ read: (String) throws -> Void) throws
  -> String?
{
  try withCourse(file, replacing: old, by: new) { folder in
    do { try read(folder) } catch let error as any Refusal { return error.code }
    return nil
  }
}

@Suite("The course of a transplantation")
struct TransplantTests {
  static let course = repository + "/Examples/synthetic-course"

  @Test("The example's follow-up: every verdict with clause and what was missing")
  func followUp() throws {
    let document = FollowUp(try FollowUpFile.read(Self.course)).document
    #expect(document["engraftment"]?["neutrophils"]?["value"]?.int == 17)
    #expect(document["engraftment"]?["platelets"]?["value"]?.int == 27)
    #expect(document["engraftment"]?["primaryFailure"]?["value"]?.string == "none")
    #expect(document["responses"]?[0]?["text"]?.string == "CRi, MRD not measured")
    #expect(document["responses"]?[1]?["text"]?.string == "CRh without MRD")
    #expect(document["chimerism"]?[0]?["verdict"]?["value"]?.string == "full donor")
    #expect(document["comorbidity"]?["score"]?.int == 2)
    let creatinine = try #require(document["toxicity"]?.array?.first { $0["analyte"]?.string == "creatinine" })
    #expect(creatinine["grade"]?["value"]?.int == 2 && creatinine["changeFromTherapy"]?.int == 2)
    #expect(document["tumourLysis"]?.array?.count == 4)
    #expect(document["tumourLysis"]?[0]?["days"]?["missing"]?[0]?.string == "albumin: calcium is not corrected")
  }

  @Test("A cytopenia from before the therapy is no new toxicity: the change of grade is 0")
  func gradeChange() throws {
    let document = FollowUp(try FollowUpFile.read(Self.course)).document
    let neutrophils = try #require(document["toxicity"]?.array?.first { $0["analyte"]?.string == "neutrophils" })
    #expect(neutrophils["grade"]?["value"]?.int == 4 && neutrophils["gradeBeforeTherapy"]?.int == 4)
    #expect(neutrophils["changeFromTherapy"]?.int == 0)
  }

  @Test("A laboratory table with a unit, day, value or analyte that is unknown is refused")
  func refusedLaboratory() throws {
    func read(_ folder: String) throws { _ = try FollowUpFile.read(folder) }
    let table = "laboratory.csv"
    #expect(
      try code(table, replacing: "-15,creatinine,0.8,mg/dL", by: "-15,creatinine,71,µmol/L", read) == "unit-unknown")
    #expect(try code(table, replacing: "-20,neutro", by: "early,neutro", read) == "day-invalid")
    #expect(try code(table, replacing: "-20,neutrophils,0.4", by: "-20,neutrophils,<0.4", read) == "value-invalid")
    #expect(try code(table, replacing: "-20,neutrophils,", by: "-20,neutrofils,", read) == "analyte-unknown")
    let file = "followup.json"
    #expect(try code(file, replacing: "laboratory.csv", by: "../laboratory.csv", read) == "path-outside")
    #expect(try code(file, replacing: "\"infection\"", by: "\"infektion\"", read) == "comorbidity-unknown")
    #expect(
      try code(file, replacing: "\"infection\"", by: "\"hepatic_severe\"", read) == "comorbidity-twice")
  }

  @Test("The shipped protocol waits for a person where its source cannot be right")
  func schedule() throws {
    let document = try ConditioningPlan.read(Self.course).document
    let steps = try #require(document["steps"]?.array)
    let flu = try #require(steps.first { $0["item"]?.string == "fludarabine-haplo" })
    #expect(isClose(try #require(flu["dailyDose"]?["value"]?.double), 59.89263066825134, 1e-12))
    let printed = try #require(steps.first { $0["item"]?.string == "cyclophosphamide-haplo" })
    #expect(printed["dailyDose"]?.isNull == true && printed["toConfirm"]?.string == "A9-2")
    let lungs = try #require(steps.first { $0["item"]?.string == "lungs" })
    #expect(lungs["days"]?.array?.count == 3 && lungs["doubt"]?.string?.contains("no attenuation") == true)
    let confirmed = try #require(steps.first { $0["item"]?.string == "suppression-haplo" })
    #expect(confirmed["confirmed"]?["by"]?.string == "A. Physician" && confirmed["days"]?[0]?.int == 5)
  }

  @Test("Every donor's plan of the shipped protocol has one graft on day 0, and matched donors get no PTCy")
  func donors() throws {
    for donor in Donor.allCases {
      try withCourse("schedule.json", replacing: "donor: \"HID\"", by: "donor: \"\(donor.rawValue)\"") { folder in
        let isHaplo = donor == .haploidentical || donor == .mismatchedUnrelated
        let steps = try ConditioningPlan.read(folder).schedule.steps
        #expect(steps.filter { $0.kind == .graft }.map(\.days) == [[0]])
        #expect(steps.contains { $0.kind == .postTransplantCyclophosphamide } == isHaplo)
        #expect(steps.contains { $0.item.hasPrefix("atg") } == !isHaplo)
      }
    }
  }

  @Test("Moving day 0 moves every date by as much; a therapy already given stays and the checks change")
  func movingDayZero() throws {
    let plan = try ConditioningPlan.read(Self.course)
    let later = try ConditioningPlan.read(Self.course, day0: "2026-06-24")
    #expect(plan.date(of: -14) == "2026-06-03" && later.date(of: -14) == "2026-06-10")
    try withCourse("schedule.json", replacing: "radiopharmaceutical: -14", by: "radiopharmaceutical: \"2026-06-03\"") {
      (folder: String) throws in
      func state(_ id: String, _ day0: String) throws -> ScheduleCheck.State? {
        try ConditioningPlan.read(folder, day0: day0).checks.first { $0.id == id }?.state
      }
      #expect(try state("gap", "2026-06-17") == .passed)
      #expect(try state("gap", "2026-06-16") == .failed)
      #expect(try state("marrow", "2026-06-17") == .passed)
      #expect(try state("marrow", "2026-06-11") == .failed)
    }
  }

  @Test("The calendar has lines of at most 75 octets, ends each with CR LF and closes every event")
  func calendar() throws {
    let text = try ConditioningPlan.read(Self.course).calendar
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.last == "" && lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\n") })
    #expect(lines.count { $0 == "BEGIN:VEVENT" } == lines.count { $0 == "END:VEVENT" })
    #expect(text.contains("DTSTART;VALUE=DATE:20260608\r\nDTEND;VALUE=DATE:20260611\r\nSUMMARY:Day −9: TBI"))
    #expect(try ConditioningPlan.read(Self.course).calendar == text)
  }

  @Test("The CSV has one row a day of a step and no dose where none may be calculated")
  func csv() throws {
    let lines = try ConditioningPlan.read(Self.course).csv.components(separatedBy: "\r\n")
    #expect(lines[0] == "day,date,item,step,what,day_dose_mg,open")
    #expect(
      lines.contains(
        "-6,2026-06-11,cyclophosphamide-haplo,Cyclophosphamide,printed: 14.5 mg/m²,,to confirm: A9-2"))
    #expect(lines.contains("-7,2026-06-10,tbi,TBI,\"1 × 2 Gy of 5 × 2 Gy, 10 Gy\",,"))
    #expect(lines.contains("3,2026-06-20,ptcy,Cyclophosphamide,50 mg/kg,4000,"))
  }

  @Test("The timeline holds the steps, both recoveries and the open check; the page is a PDF")
  func pictures() throws {
    let plan = try ConditioningPlan.read(Self.course)
    let svg = plan.svg(followUp: try FollowUpFile.beside(Self.course))
    for text in ["[177Lu]Pentixather", "PBSC", "recovered day +17", "day +27", ">?<", "Every reading confirmed"] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(isWellFormed(svg))
    let pdf = try plan.pdf()
    #expect(pdf.starts(with: Array("%PDF".utf8)))
    #expect(throws: CaseError.self) { try plan.file(.pdf, followUp: nil).text() }
  }

  @Test("The Bundle of FHIR holds one resource a drug, every reference leads somewhere, doubtful steps have no dose")
  func fhir() throws {
    let plan = try ConditioningPlan.read(Self.course)
    let entries = try #require(plan.fhir["entry"]?.array)
    let resources = entries.compactMap { $0["resource"] }
    #expect(
      resources.compactMap { $0["resourceType"]?.string }.sorted()
        == ["CarePlan"] + Array(repeating: "MedicationRequest", count: 6) + ["Patient"])
    let urls = Set(entries.compactMap { $0["fullUrl"]?.string })
    #expect(urls.count == entries.count)
    func references(_ value: JSONValue) -> [String] {
      if let array = value.array { return array.flatMap(references) }
      guard let object = value.object else { return [] }
      return object.flatMap { key, value in
        key == "reference" ? value.string.map { [$0] } ?? references(value) : references(value)
      }
    }
    let all = references(plan.fhir)
    #expect(all.count == 6 + 2 * 6 + 1 && all.allSatisfy(urls.contains))
    func request(_ title: String, _ text: String) -> JSONValue? {
      resources.first {
        $0["medicationCodeableConcept"]?["text"]?.string == title
          && $0["dosageInstruction"]?[0]?["text"]?.string?.contains(text) == true
      }
    }
    let printed = try #require(request("Cyclophosphamide", "printed: 14.5"))
    #expect(printed["dosageInstruction"]?[0]?["doseAndRate"] == nil)
    #expect(printed["note"]?[0]?["text"]?.string?.contains("A9-2") == true)
    let ptcy = try #require(request("Cyclophosphamide", "50 mg/kg"))
    #expect(ptcy["dosageInstruction"]?[0]?["doseAndRate"]?[0]?["doseQuantity"]?["value"]?.double == 4000)
    #expect(ptcy["medicationCodeableConcept"]?["coding"]?[0]?["code"]?.string == "L01AA01")
    #expect(ptcy["dosageInstruction"]?[0]?["timing"]?["event"]?[1]?.string == "2026-06-21")
    let activity = try #require(request("[177Lu]Pentixather", "GBq"))
    #expect(activity["dosageInstruction"]?[0]?["doseAndRate"]?[0]?["doseQuantity"]?["value"]?.double == 14.4)
    #expect(try ConditioningPlan.read(Self.course).fhir.text() == plan.fhir.text())
  }

  @Test("A confirmation is stored with name, reason and the protocol it read; it lapses when the protocol changes")
  func confirmation() throws {
    try withCourse("schedule.json") { (folder: String) throws in
      func confirm(
        _ item: String, _ reading: String, by person: String = "B. Physician", because reason: String = "Usual dose"
      )
        throws -> ConditioningPlan
      { try ConfirmationFile.confirm(folder, item: item, reading: reading, by: person, because: reason) }
      #expect(throws: TherapyError.self) { try confirm("cyclophosphamide-haplo", "per-kg", by: " ") }
      #expect(throws: TherapyError.self) { try confirm("cyclophosphamide-haplo", "per-kg", because: "") }
      #expect(throws: CaseError.self) { try confirm("cyclophosphamide-haplo", "per-m") }
      #expect(throws: CaseError.self) { try confirm("fludarabine-haplo", "per-kg") }
      #expect(throws: CaseError.self) { try confirm("suppression-haplo", "day+3") }
      #expect(!FileManager.default.fileExists(atPath: folder + "/confirmations.json"))
      let plan = try confirm("cyclophosphamide-haplo", "per-kg")
      let step = try #require(plan.schedule.steps.first { $0.item == "cyclophosphamide-haplo" })
      #expect(isClose(try #require(step.dailyDose?.grams), 1.16, 1e-12) && step.confirmation?.person == "B. Physician")
      #expect(plan.checks.first { $0.id == "confirmed" }?.state == .passed && plan.findings.isEmpty)
      let again = try confirm("cyclophosphamide-haplo", "as-printed", because: "Second thought")
      #expect(
        isClose(
          try #require(again.schedule.steps.first { $0.item == step.item }?.dailyDose?.grams), 0.02894810482298815, 1e-9
        ))
      let stored = try String(contentsOfFile: folder + "/confirmations.json", encoding: .utf8)
      #expect(stored.contains("Usual dose") && stored.contains("Second thought"))

      let ours = try ProtocolListing("braitsch-2025").summary.replacingOccurrences(
        of: "\"version\": 2", with: "\"version\": 3")
      try ours.write(toFile: folder + "/ours.json", atomically: true, encoding: .utf8)
      let file = try String(contentsOfFile: folder + "/schedule.json", encoding: .utf8)
      try file.replacingOccurrences(of: "\"braitsch-2025\"", with: "\"ours.json\"").write(
        toFile: folder + "/schedule.json", atomically: true, encoding: .utf8)
      let changed = try ConditioningPlan.read(folder)
      #expect(changed.plan.version == 3)
      #expect(changed.schedule.steps.first { $0.item == step.item }?.toConfirm == "A9-2")
      #expect(changed.findings.map(\.code) == ["confirmation-lapsed"])
    }
  }

  @Test(
    "Without a stated marrow dose the results of the plan in the folder decide the check, and stale ones are refused")
  func plannedMarrow() throws {
    try withCourse("schedule.json", replacing: "marrow: { total_Gy: 6.05, u_total_Gy: 1.4, effectiveHalfLife_h: 88 },")
    {
      (folder: String) throws in
      func marrow() throws -> ScheduleCheck? {
        try ConditioningPlan.read(folder).checks.first { $0.id == "marrow" }
      }
      #expect(try marrow()?.state == .open)
      let home = repository + "/Examples/synthetic-cohort/S1"
      for name in ["case.json", "tables"] {
        try FileManager.default.copyItem(atPath: home + "/" + name, toPath: folder + "/" + name)
      }
      let (plan, _) = try Plan.write(folder)
      let prescription = try #require(plan.analysis.prescription)
      let limit = try #require(prescription.outcomes.first { $0.limit.reading == .afterGraft })
      let expected = limit.dose.value.grays * 14.4 / prescription.activity.gigabecquerels
      let read = try ConditioningPlan.read(folder)
      let remaining = try #require(read.document["marrow"]?["remaining"]?["value"]?.double)
      #expect(read.marrowIsPlanned && isClose(remaining, expected, 1e-9))
      #expect(try marrow()?.state == .passed)
      // The day of the therapy counts from the graft and moves with it.
      let earlier = try ConditioningPlan.read(folder, day0: "2026-06-10")
      #expect(earlier.document["marrow"]?["remaining"]?["value"]?.double == remaining)
      let text = try String(contentsOfFile: folder + "/case.json", encoding: .utf8)
      try (text + "\n").write(toFile: folder + "/case.json", atomically: true, encoding: .utf8)
      #expect(throws: CaseError.self) { try ConditioningPlan.read(folder) }
    }
  }

  @Test("A schedule with an unknown reading, date, protocol or donor is refused")
  func refusedSchedule() throws {
    func read(_ folder: String) throws { _ = try ConditioningPlan.read(folder) }
    let file = "schedule.json"
    #expect(try code(file, replacing: "\"day+5\"", by: "\"day+6\"", read) == "confirmation-unknown")
    #expect(try code(file, replacing: "2026-06-17", by: "2026-02-30", read) == "date-invalid")
    #expect(try code(file, replacing: "\"braitsch-2025\"", by: "\"../other\"", read) == "path-outside")
    #expect(try code(file, replacing: "\"braitsch-2025\"", by: "\"other\"", read) == "file-missing")
    #expect(try code(file, replacing: "\"HID\"", by: "\"HAPLO\"", read) != nil)
    #expect(
      try code(file, replacing: "radiopharmaceutical: -14", by: "radiopharmaceutical: \"2026-06-18\"", read)
        == "schedule-invalid")
  }
}

/// Whether a text is well-formed: every element that opens closes.
private func isWellFormed(_ text: String) -> Bool {
  var open: [Substring] = []
  for match in text.matches(of: /<(\/?)([A-Za-z?!][^\s>\/]*)[^>]*?(\/?)>/) {
    let (closes, name, isEmpty) = (!match.1.isEmpty, match.2, !match.3.isEmpty)
    if name.hasPrefix("?") || isEmpty { continue }
    if !closes { open.append(name) } else if open.popLast() != name { return false }
  }
  return open.isEmpty
}
