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
  private(set) var pages: [[(y: Double, draw: (PDFCanvas, Double) -> Void)]] = [[]]

  /// Lays blocks down one page after another; a block that a page cannot hold begins a page of its own.
  init(_ blocks: [PDFBlock], pageHeight: Double) {
    var y = 0.0
    var index = 0
    while index < blocks.count {
      var end = index
      while end < blocks.count - 1, blocks[end].keepsWithNext { end += 1 }
      let group = blocks[index...end]
      let height = group.reduce(0) { $0 + $1.space + $1.height } - (y == 0 ? group[index].space : 0)
      if y > 0, y + height > pageHeight {
        pages.append([])
        y = 0
      }
      if y == 0, index > 0, let head = group[index].head {
        pages[pages.count - 1].append((0, head.draw))
        y = head.height
      }
      for block in group {
        if y > 0, !(block.head != nil && y == block.head?.height) { y += block.space }
        pages[pages.count - 1].append((y, block.draw))
        y += block.height
      }
      index = end + 1
    }
  }
}
