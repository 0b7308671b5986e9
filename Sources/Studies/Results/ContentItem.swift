import DICOM

/// A node of a structured report (PS3.3 C.17.3).
struct ContentItem {
  enum Relationship: String {
    case contains = "CONTAINS"
    case context = "HAS OBS CONTEXT"
    case modifier = "HAS CONCEPT MOD"
  }

  enum Value {
    case container(template: String?)
    case text(String)
    case uid(String)
    case code(Code)
    case number(Double, Code)
    case segment(WrittenResult, Int)
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

extension Tag {
  static let referencedPerformedProcedureStep = Tag(0x0008, 0x1111)
  static let mappingResource = Tag(0x0008, 0x0105)
  static let relationshipType = Tag(0x0040, 0xA010)
  static let continuityOfContent = Tag(0x0040, 0xA050)
  static let uidValue = Tag(0x0040, 0xA124)
  static let textValue = Tag(0x0040, 0xA160)
  static let floatingPointValue = Tag(0x0040, 0xA161)
  static let measuredValue = Tag(0x0040, 0xA300)
  static let numericValue = Tag(0x0040, 0xA30A)
  static let performedProcedureCode = Tag(0x0040, 0xA372)
  static let evidence = Tag(0x0040, 0xA375)
  static let completionFlag = Tag(0x0040, 0xA491)
  static let verificationFlag = Tag(0x0040, 0xA493)
  static let contentTemplate = Tag(0x0040, 0xA504)
  static let content = Tag(0x0040, 0xA730)
  static let templateIdentifier = Tag(0x0040, 0xDB00)
}
