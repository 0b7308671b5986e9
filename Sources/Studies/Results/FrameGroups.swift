import DICOM
import Volumes

/// How the frames of an enhanced object lie on a grid (PS3.3 C.7.6.16, C.7.6.17).
struct FrameGroups {
  let grid: Grid
  /// The UID of the organization of dimensions.
  let organizationUID: String
  /// The attributes that index frames, each with the functional group that holds it.
  let dimensions: [(pointer: Tag, group: Tag)]

  /// Puts what all frames share beside `more`, and each frame's slice, indices and `frame`'s own groups.
  func put(
    into draft: inout DataSetDraft, sharing more: [(Tag, DataSetDraft)],
    frames: [(slice: Int, indices: [Int], groups: [(Tag, DataSetDraft)])]
  ) {
    var organization = DataSetDraft()
    organization.put(.dimensionOrganizationUID, organizationUID)
    draft.put(.dimensionOrganization, items: [organization])
    draft.put(
      .dimensionIndex,
      items: dimensions.map { pointer, group in
        var item = organization
        item.put(.dimensionIndexPointer, tags: [pointer])
        item.put(.functionalGroupPointer, tags: [group])
        return item
      })
    var shared = DataSetDraft()
    shared.put(.pixelMeasures, items: [measures])
    shared.put(.planeOrientation, items: [orientation])
    for (tag, item) in more { shared.put(tag, items: [item]) }
    draft.put(.sharedFunctionalGroups, items: [shared])
    draft.put(
      .perFrameFunctionalGroups,
      items: frames.map { slice, indices, groups in
        var frame = DataSetDraft()
        var content = DataSetDraft()
        content.put(.dimensionIndexValues, indices.map(String.init))
        frame.put(.frameContent, items: [content])
        var position = DataSetDraft()
        position.put(.imagePosition, decimals: grid.position(0, 0, slice).components)
        frame.put(.planePosition, items: [position])
        for (tag, item) in groups { frame.put(tag, items: [item]) }
        return frame
      })
  }

  private var measures: DataSetDraft {
    var item = DataSetDraft()
    item.put(.pixelSpacing, decimals: [grid.spacing.y, grid.spacing.x])
    item.put(.sliceThickness, decimal: grid.spacing.z)
    item.put(.spacingBetweenSlices, decimal: grid.spacing.z)
    return item
  }

  private var orientation: DataSetDraft {
    var item = DataSetDraft()
    let (row, column) = (grid.columnStep / grid.spacing.x, grid.rowStep / grid.spacing.y)
    item.put(.imageOrientation, decimals: row.components + column.components)
    return item
  }
}
