/// A data set that is to be written.
public struct DataSetDraft: Sendable {
  enum Content: Sendable {
    case text([String])
    case unsigned16(UInt16)
    case words([UInt16])
    case bytes([UInt8])
    case floats([Float])
    case items([DataSetDraft])
  }

  private(set) var elements: [Tag: Content] = [:]

  public init() {}

  /// Puts one or several strings; none for an attribute that is present and empty.
  public mutating func put(_ tag: Tag, _ values: String...) { put(tag, values) }

  /// Puts strings.
  public mutating func put(_ tag: Tag, _ values: [String]) { elements[tag] = .text(values) }

  /// Puts decimal numbers as text (DS) with as many digits as its 16 characters allow.
  public mutating func put(_ tag: Tag, decimals: [Double]) { put(tag, decimals.map(decimalString)) }

  /// Puts a decimal number as text (DS).
  public mutating func put(_ tag: Tag, decimal: Double) { put(tag, decimals: [decimal]) }

  /// Puts a whole number as text (IS).
  public mutating func put(_ tag: Tag, integer: Int) { put(tag, String(integer)) }

  /// Puts an unsigned 16-bit number (US).
  public mutating func put(_ tag: Tag, unsigned16 number: UInt16) { elements[tag] = .unsigned16(number) }

  /// Puts unsigned 16-bit numbers (US), such as a vector that tells to what each frame belongs.
  public mutating func put(_ tag: Tag, unsigned16s numbers: [UInt16]) { elements[tag] = .words(numbers) }

  /// Puts a number in binary with all its digits (FD, FL, UL, SL).
  public mutating func put(_ tag: Tag, number: Double) {
    put(tag, number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : "\(number)")
  }

  /// Puts the tags of other attributes (AT).
  public mutating func put(_ tag: Tag, tags: [Tag]) { put(tag, tags.map(\.description)) }

  /// Puts bytes (OB).
  public mutating func put(_ tag: Tag, bytes: [UInt8]) { elements[tag] = .bytes(bytes) }

  /// Puts a date (DA).
  public mutating func put(_ tag: Tag, date: CalendarDate) { put(tag, date.dicom) }

  /// Puts a time of day (TM).
  public mutating func put(_ tag: Tag, time: ClockTime) { put(tag, time.dicom) }

  /// Puts a date with its time (DT).
  public mutating func put(_ tag: Tag, dateTime: DateAndTime) { put(tag, dateTime.dicom) }

  /// Puts the offset of a time zone in seconds east of Greenwich, as Timezone Offset From UTC holds it.
  public mutating func put(_ tag: Tag, utcOffset: Int) { put(tag, UTCOffset(seconds: utcOffset).dicom) }

  /// Puts a sequence.
  public mutating func put(_ tag: Tag, items: [DataSetDraft]) { elements[tag] = .items(items) }

  /// Puts one frame of unsigned 16-bit samples with its layout.
  public mutating func put(pixels: [UInt16], rows: Int, columns: Int) {
    put(words: pixels, rows, columns, isSigned: false)
  }

  /// Puts several frames of unsigned 16-bit samples, frame after frame, with their layout.
  public mutating func put(pixels: [UInt16], rows: Int, columns: Int, frames: Int) {
    put(.numberOfFrames, integer: frames)
    put(words: pixels, rows, columns, frames, isSigned: false)
  }

  /// Puts one frame of signed 16-bit samples with its layout.
  public mutating func put(pixels: [Int16], rows: Int, columns: Int) {
    put(words: pixels.map(UInt16.init(bitPattern:)), rows, columns, isSigned: true)
  }

  /// Puts frames of floating-point samples, frame after frame, with their layout.
  public mutating func put(floatPixels pixels: [Float], rows: Int, columns: Int, frames: Int) {
    putLayout(rows, columns, frames, bits: 32, count: pixels.count)
    elements[.floatPixelData] = .floats(pixels)
  }

  /// Puts frames of unsigned 32-bit samples, frame after frame, with their layout.
  public mutating func put(pixels32 pixels: [UInt32], rows: Int, columns: Int, frames: Int) {
    putLayout(rows, columns, frames, bits: 32, count: pixels.count)
    putDepth(32, isSigned: false)
    elements[.pixelData] = .words(pixels.flatMap { [UInt16($0 & 0xFFFF), UInt16($0 >> 16)] })
  }

  /// Puts frames of unsigned 8-bit samples, frame after frame, with their layout.
  public mutating func put(pixels8 pixels: [UInt8], rows: Int, columns: Int, frames: Int) {
    putLayout(rows, columns, frames, bits: 8, count: pixels.count)
    putDepth(8, isSigned: false)
    elements[.pixelData] = .bytes(pixels)
  }

  /// Puts frames of one bit a pixel, packed without gaps, the first pixel in the lowest bit (PS3.5 8.1.1).
  public mutating func put(bits: [Bool], rows: Int, columns: Int, frames: Int) {
    putLayout(rows, columns, frames, bits: 1, count: bits.count)
    putDepth(1, isSigned: false)
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (n, bit) in bits.enumerated() where bit { bytes[n >> 3] |= 1 << UInt8(n & 7) }
    elements[.pixelData] = .bytes(bytes)
  }

  private mutating func putLayout(_ rows: Int, _ columns: Int, _ frames: Int, bits: UInt16, count: Int) {
    precondition(
      count == rows * columns * frames && max(rows, columns) <= UInt16.max, "a frame has rows × columns samples")
    put(.samplesPerPixel, unsigned16: 1)
    put(.photometricInterpretation, "MONOCHROME2")
    put(.numberOfFrames, integer: frames)
    put(.rows, unsigned16: UInt16(rows))
    put(.columns, unsigned16: UInt16(columns))
    put(.bitsAllocated, unsigned16: bits)
  }

  private mutating func putDepth(_ bits: UInt16, isSigned: Bool) {
    put(.bitsStored, unsigned16: bits)
    put(.highBit, unsigned16: bits - 1)
    put(.pixelRepresentation, unsigned16: isSigned ? 1 : 0)
  }

  private mutating func put(words: [UInt16], _ rows: Int, _ columns: Int, _ frames: Int = 1, isSigned: Bool) {
    let frameCount = elements[.numberOfFrames]
    putLayout(rows, columns, frames, bits: 16, count: words.count)
    elements[.numberOfFrames] = frameCount
    putDepth(16, isSigned: isSigned)
    elements[.pixelData] = .words(words)
  }
}
