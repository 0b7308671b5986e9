import DICOM
public import Volumes

extension ResultWriter {
  /// Writes a map of 32-bit floating-point values with its quantity and unit; they come back bit for bit.
  ///
  /// - Throws: ``StudyError`` for values that are not finite.
  public func writeParametricMap(
    _ values: [Float], grid: Grid, quantity: CodedQuantity, name: String, number: Int, to path: String
  ) throws -> WrittenResult {
    guard values.count == grid.count, values.allSatisfy(\.isFinite), let least = values.min(), let most = values.max()
    else {
      throw StudyError(
        "unwritable-value", "The map holds a value that is not finite, or not one a voxel.",
        remedy: "Correct the map before it is written.", category: .internalFault)
    }
    guard let frameOfReferenceUID = source.frameOfReferenceUID else { throw missingFrameOfReference }
    let sopClassUID = ParametricMap.storageClassUID
    var draft = header(
      sopClassUID: sopClassUID, modality: source.modality == "NM" ? "NM" : "PT", name: name, number: number,
      frameOfReferenceUID: frameOfReferenceUID)
    let type = ["DERIVED", "PRIMARY", "VOLUME", "QUANTITY"]
    draft.put(.imageType, type)
    draft.put(.contentLabel, "MAP")
    draft.put(.contentDescription, String(name.prefix(64)))
    draft.put(.contentCreatorName)
    draft.put(.contentQualification, "RESEARCH")
    draft.put(.burnedInAnnotation, "NO")
    draft.put(.recognizableVisualFeatures, "NO")
    draft.put(.lossyImageCompression, "00")
    draft.put(.presentationLUTShape, "IDENTITY")
    draft.put(.acquisitionContext, items: [])
    draft.put(.referencedSeriesSequence, items: [referencedSeries])
    var frameType = DataSetDraft()
    frameType.put(.frameType, type)
    var transformation = DataSetDraft()
    transformation.put(.rescaleIntercept, decimal: 0)
    transformation.put(.rescaleSlope, decimal: 1)
    transformation.put(.rescaleType, "US")
    var voi = DataSetDraft()
    voi.put(.windowCenter, decimal: Double(most + least) / 2)
    voi.put(.windowWidth, decimal: most > least ? Double(most - least) : 1)
    // Other functions want a width of at least 1 (PS3.3 C.11.2.1.3).
    voi.put(.windowFunction, "LINEAR_EXACT")
    FrameGroups(
      grid: grid, organizationUID: uid("dimensions", name), dimensions: [(.imagePosition, .planePosition)]
    ).put(
      into: &draft,
      sharing: [
        (.parametricMapFrameType, frameType), (.pixelValueTransformation, transformation), (.frameVOILUT, voi),
        (.derivationImage, derivation(Self.derivation(of: quantity))),
        (.realWorldValueMapping, Self.mapping(quantity, least, most)),
      ], frames: (0..<grid.slices).map { ($0, [$0 + 1], []) })
    draft.put(floatPixels: values, rows: grid.rows, columns: grid.columns, frames: grid.slices)
    return try write(draft, kind: "parametric map", name: name, sopClassUID: sopClassUID, to: path)
  }

  private static func derivation(of quantity: CodedQuantity) -> Code {
    quantity == .uptakeByWeight
      ? Code("113053", "DCM", "Pixel by pixel multiplication")
      : Code("DOSIMETRY", "99ENDORA", "Dosimetric calculation")
  }

  private static func mapping(_ quantity: CodedQuantity, _ least: Float, _ most: Float) -> DataSetDraft {
    var mapping = DataSetDraft()
    mapping.put(.lutExplanation, quantity.quantity.meaning)
    mapping.put(.lutLabel, String(quantity.quantity.value.prefix(16)))
    mapping.put(.doubleFirstValueMapped, number: Double(least))
    mapping.put(.doubleLastValueMapped, number: Double(most))
    mapping.put(.realWorldIntercept, number: 0)
    mapping.put(.realWorldSlope, number: 1)
    mapping.put(.measurementUnits, items: [quantity.unit.item])
    var definition = DataSetDraft()
    definition.put(.valueType, "CODE")
    definition.put(.conceptName, items: [Code("246205007", "SCT", "Quantity").item])
    definition.put(.conceptCode, items: [quantity.quantity.item])
    mapping.put(.quantityDefinition, items: [definition])
    return mapping
  }
}
