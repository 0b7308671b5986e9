import DICOM

/// A node of a structured report (PS3.3 C.17.3).
struct ContentItem {
  enum Relationship: String {
    case contains = "CONTAINS"
    case context = "HAS OBS CONTEXT"
    case modifier = "HAS CONCEPT MOD"
    case property = "HAS PROPERTIES"
  }

  enum Value {
    case container(template: String?)
    case text(String)
    case uid(String)
    case code(Code)
    case number(Double, Code)
    case segment(WrittenResult, Int)
    case composite(WrittenResult)
  }

  let relationship: Relationship
  let concept: Code
  let value: Value
  let children: [ContentItem]

  init(_ relationship: Relationship, _ concept: Code, _ value: Value, _ children: [ContentItem] = []) {
    (self.relationship, self.concept, self.value, self.children) = (relationship, concept, value, children)
  }

  var item: DataSetDraft {
    var item = DataSetDraft()
    item.put(.relationshipType, relationship.rawValue)
    item.put(.conceptName, items: [concept.item])
    switch value {
    case .container(let template):
      item.put(.valueType, "CONTAINER")
      item.put(.continuityOfContent, "SEPARATE")
      if let template { item.put(.contentTemplate, items: [Self.template(template)]) }
    case .text(let text):
      item.put(.valueType, "TEXT")
      item.put(.textValue, text)
    case .uid(let uid):
      item.put(.valueType, "UIDREF")
      item.put(.uidValue, uid)
    case .code(let code):
      item.put(.valueType, "CODE")
      item.put(.conceptCode, items: [code.item])
    case .number(let number, let unit):
      item.put(.valueType, "NUM")
      var measured = DataSetDraft()
      measured.put(.measurementUnits, items: [unit.item])
      measured.put(.numericValue, decimal: number)
      measured.put(.floatingPointValue, number: number)
      item.put(.measuredValue, items: [measured])
    case .segment(let segmentation, let number):
      item.put(.valueType, "IMAGE")
      var reference = segmentation.reference
      reference.put(.referencedSegmentNumber, unsigned16: UInt16(number))
      item.put(.referencedSOPs, items: [reference])
    case .composite(let result):
      item.put(.valueType, "COMPOSITE")
      item.put(.referencedSOPs, items: [result.reference])
    }
    if !children.isEmpty { item.put(.content, items: children.map(\.item)) }
    return item
  }

  static func template(_ identifier: String) -> DataSetDraft {
    var template = DataSetDraft()
    template.put(.mappingResource, "DCMR")
    template.put(.templateIdentifier, identifier)
    return template
  }
}
