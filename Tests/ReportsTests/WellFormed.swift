/// What is wrong with the tags of a document: one that is not closed, an attribute without quotes, a raw ampersand.
func markupFaults(_ text: String) -> [String] {
  let void: Set<Substring> = ["meta", "br"]
  var open: [Substring] = []
  var faults: [String] = []
  var rest = text[...]
  while let start = rest.firstIndex(of: "<") {
    faults += ampersandFaults(rest[..<start])
    rest = rest[rest.index(after: start)...]
    guard let end = rest.firstIndex(of: ">") else { return faults + ["a tag without end"] }
    let tag = rest[..<end]
    rest = rest[rest.index(after: end)...]
    if tag.hasPrefix("!") || tag.hasPrefix("?") { continue }
    if tag.hasPrefix("/") {
      let name = tag.dropFirst()
      if open.popLast() != name { faults.append("</\(name)> closes nothing") }
      continue
    }
    let name = tag.prefix { $0 != " " && $0 != "/" }
    if tag.filter({ $0 == "\"" }).count % 2 != 0 { faults.append("<\(tag)> has an odd quote") }
    var outside = ""
    var isInside = false
    for c in tag {
      if c == "\"" { isInside.toggle() } else if !isInside { outside.append(c) }
    }
    if outside.contains("=") && outside.split(separator: "=").dropLast().contains(where: { $0.last == " " }) {
      faults.append("<\(tag)> has an attribute without a name")
    }
    faults += ampersandFaults(tag)
    if !tag.hasSuffix("/"), !void.contains(name) { open.append(name) }
    if name == "style", let close = rest.range(of: "</style>") { rest = rest[close.lowerBound...] }
  }
  return faults + open.map { "<\($0)> is not closed" }
}

private func ampersandFaults(_ text: Substring) -> [String] {
  text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().compactMap { part in
    let entity = part.prefix { $0 != ";" }
    return ["amp", "lt", "gt", "quot", "#39"].contains(entity) ? nil : "a raw ampersand before '\(part.prefix(12))'"
  }
}
