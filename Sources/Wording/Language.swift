/// The language of what a reader sees.
///
/// The rooms speak English. Where text is shown (a page, a figure, a report), it is said in the reader's language; a
/// text that the phrasebook does not know stays as it is.
public enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case german = "de"

  /// The language in which text is shown now; set for the time of one page, figure or report with `withValue`.
  @TaskLocal public static var current = Language.english

  /// The first language that a reader accepts and Endora speaks, by the `Accept-Language` of RFC 9110, section 12.5.4;
  /// English where there is none. Weights are not read: browsers send the preferred language first.
  public init(accepting header: String?) {
    let tags = (header ?? "").prefix(256).lowercased().split(separator: ",")
    let languages = tags.compactMap { tag in
      Language(rawValue: String(tag.drop { $0 == " " }.prefix { $0.isLetter }))
    }
    self = languages.first ?? .english
  }

  /// An English text of the program in this language, with the language's decimal mark.
  ///
  /// What is not of the program, such as a name that somebody gave, is returned as it is.
  public func said(_ text: String) -> String {
    switch self {
    case .english: text
    case .german: Phrasebook.german.said(text)
    }
  }

  /// What stands between the whole part and the decimals.
  public var decimalMark: String { self == .german ? "," : "." }
}
