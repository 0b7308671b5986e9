extension DICOMFile {
  /// How many bytes the uncompressed pixel data have beyond those that the layout needs and one of padding.
  public func surplusPixelBytes() throws(DICOMError) -> Int {
    let format = try pixelFormat()
    guard case .bytes(let range)? = dataSet[pixelTag]?.content else { return 0 }
    return max(0, range.count - format.byteCount - format.byteCount % 2)
  }
}
