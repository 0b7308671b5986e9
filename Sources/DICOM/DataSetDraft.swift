/// A data set that is to be written.
public struct DataSetDraft: Sendable {
  enum Content: Sendable {
    case text([String])
    case unsigned16(UInt16)
    case words([UInt16])
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

  private mutating func put(words: [UInt16], _ rows: Int, _ columns: Int, _ frames: Int = 1, isSigned: Bool) {
    precondition(
      words.count == rows * columns * frames && max(rows, columns) <= UInt16.max, "a frame has rows × columns samples")
    put(.samplesPerPixel, unsigned16: 1)
    put(.photometricInterpretation, "MONOCHROME2")
    put(.rows, unsigned16: UInt16(rows))
    put(.columns, unsigned16: UInt16(columns))
    put(.bitsAllocated, unsigned16: 16)
    put(.bitsStored, unsigned16: 16)
    put(.highBit, unsigned16: 15)
    put(.pixelRepresentation, unsigned16: isSigned ? 1 : 0)
    elements[.pixelData] = .words(words)
  }
}
