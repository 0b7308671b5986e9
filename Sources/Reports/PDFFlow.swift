import CCairo

/// Something that stands whole on one page.
struct PDFBlock {
  /// The space above it, dropped at the top of a page.
  var space = 0.0
  var height: Double
  /// Whether the next block has to stand on the same page.
  var keepsWithNext = false
  /// Drawn once more above this block when it begins a page, as the heads of a table are.
  var head: PDFHead?
  /// Draws it with its top at a height of the page.
  var draw: (PDFCanvas, Double) -> Void
}

/// The heads of the columns of a table that goes on.
struct PDFHead {
  var height: Double
  var draw: (PDFCanvas, Double) -> Void
}

/// Blocks laid on pages.
struct PDFFlow {
  /// A block at its place.
  struct Placed {
    var y: Double
    var height: Double
    var isRepeatedHead = false
    var draw: (PDFCanvas, Double) -> Void
    var bottom: Double { y + height }
  }

  private(set) var pages: [[Placed]] = [[]]

  /// Lays blocks down one page after another; a block that a page cannot hold begins a page of its own.
  init(_ blocks: [PDFBlock], pageHeight: Double) {
    var y = 0.0
    var index = 0
    while index < blocks.count {
      var end = index
      while end < blocks.count - 1, blocks[end].keepsWithNext { end += 1 }
      let group = blocks[index...end]
      let height = group.reduce(0) { $0 + $1.space + $1.height }
      if y > 0, y + height > pageHeight {
        pages.append([])
        y = 0
        if let head = blocks[index].head {
          pages[pages.count - 1].append(Placed(y: 0, height: head.height, isRepeatedHead: true, draw: head.draw))
          y = head.height
        }
      }
      for block in group {
        if y > 0 { y += block.space }
        pages[pages.count - 1].append(Placed(y: y, height: block.height, draw: block.draw))
        y += block.height
      }
      index = end + 1
    }
  }
}
