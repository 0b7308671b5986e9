public import JSON
import Provenance
import Therapy

extension ConditioningPlan {
  /// The plan as a Bundle of FHIR R4: a CarePlan with a MedicationRequest for each drug, all drafts of a plan.
  ///
  /// The Patient in it is the case's pseudonym. A step whose reading nobody has confirmed has no dose, its text says what
  /// is printed and its note what is doubted. Resources keep their identifiers from one export to the next, and no time
  /// of exporting is written, so that the same plan gives the same bytes.
  public var fhir: JSONValue {
    let medications = schedule.steps.filter(Self.isMedication)
    return [
      "resourceType": "Bundle", "type": "collection",
      "entry": JSONValue(
        [entry("patient", ["resourceType": "Patient", "identifier": [["value": JSONValue(name)]]])]
          + [entry("care-plan", carePlan(medications))]
          + medications.map { entry($0.item, request($0)) }),
    ]
  }

  private static func isMedication(_ step: Schedule.Step) -> Bool {
    switch step.kind {
    case .radiopharmaceutical, .support, .drug, .immunosuppression, .postTransplantCyclophosphamide: true
    case .isolation, .irradiation, .shielding, .graft: false
    }
  }

  private func carePlan(_ medications: [Schedule.Step]) -> JSONValue {
    let days = schedule.steps.flatMap { [$0.firstDay, $0.lastDay] }
    let others = schedule.steps.filter { !Self.isMedication($0) }
    return [
      "resourceType": "CarePlan", "status": "draft", "intent": "plan",
      "title": JSONValue("\(plan.name), \(schedule.request.donor.rawValue), graft on \(date(of: 0))"),
      "description": JSONValue(
        "\(plan.source.citation), protocol version \(plan.version), SHA-256 \(digests.plan.hexadecimal). "
          + Release.disclaimer),
      "subject": reference("patient"),
      "period": ["start": JSONValue(date(of: days.min() ?? 0)), "end": JSONValue(date(of: days.max() ?? 0))],
      "activity": JSONValue(
        medications.map { ["reference": reference($0.item)] }
          + others.map { step in
            [
              "detail": [
                "kind": "ServiceRequest", "code": ["text": JSONValue(step.title)], "status": "not-started",
                "doNotPerform": false, "scheduledPeriod": period(step), "description": JSONValue(what(step)),
              ]
            ]
          }),
      "note": JSONValue(
        checks.map { ["text": JSONValue("\($0.title): \($0.state.rawValue), \($0.text)")] }),
    ]
  }

  private func request(_ step: Schedule.Step) -> JSONValue {
    var concept = JSONObject([("text", JSONValue(step.title))])
    if let code = step.code {
      concept["coding"] = [["system": "http://www.whocc.no/atc", "code": JSONValue(code)]]
    }
    var dosage = JSONObject([("text", JSONValue(what(step)))])
    if step.through == nil {
      dosage["timing"] = ["event": JSONValue(step.days.map { JSONValue(date(of: $0)) })]
    } else {
      dosage["timing"] = ["repeat": ["boundsPeriod": period(step)]]
    }
    if let milligrams = step.dailyDose.map({ $0.grams * 1000 }) {
      dosage["doseAndRate"] = [["doseQuantity": Self.quantity((milligrams * 10).rounded() / 10, "mg", "mg")]]
    } else if step.kind == .radiopharmaceutical, let activity {
      dosage["doseAndRate"] = [["doseQuantity": Self.quantity(activity.gigabecquerels, "GBq", "GBq")]]
    }
    var notes: [String] = []
    if let open = step.toConfirm { notes.append("Not confirmed (\(open)): no dose is calculated.") }
    if let doubt = step.doubt { notes.append(doubt) }
    if let confirmation = step.confirmation {
      notes.append(
        "Reading “\(confirmation.reading)” confirmed by \(confirmation.person): \(confirmation.reason)")
    }
    var members = JSONObject([
      ("resourceType", "MedicationRequest"), ("status", "draft"), ("intent", "plan"),
      ("medicationCodeableConcept", .object(concept)), ("subject", reference("patient")),
      ("basedOn", .array([reference("care-plan")])),
    ])
    if !notes.isEmpty { members["note"] = JSONValue(notes.map { ["text": JSONValue($0)] }) }
    members["dosageInstruction"] = [.object(dosage)]
    return .object(members)
  }

  private static func quantity(_ value: Double, _ unit: String, _ code: String) -> JSONValue {
    [
      "value": JSONValue(value), "unit": JSONValue(unit), "system": "http://unitsofmeasure.org",
      "code": JSONValue(code),
    ]
  }

  private func period(_ step: Schedule.Step) -> JSONValue {
    ["start": JSONValue(date(of: step.firstDay)), "end": JSONValue(date(of: step.lastDay))]
  }

  private func entry(_ name: String, _ resource: JSONValue) -> JSONValue {
    ["fullUrl": JSONValue(identifier(name)), "resource": resource]
  }

  private func reference(_ name: String) -> JSONValue { ["reference": JSONValue(identifier(name))] }

  /// A UUID of the case and a step, by its digest (version 8 of RFC 9562).
  private func identifier(_ name: String) -> String {
    let digits = Array(Digest(of: "\(self.name)/\(name)".utf8).hexadecimal)
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return "urn:uuid:\(part(0..<8))-\(part(8..<12))-8\(part(13..<16))-a\(part(17..<20))-\(part(20..<32))"
  }
}
