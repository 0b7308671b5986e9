/// The acronyms of ICRP Publication 133 for regions by their usual names.
enum FractionRegion {
  /// The acronym of a region, given by a usual name or itself.
  ///
  /// - Parameter plain: from any usual name to the one in the list.
  static func acronym(
    _ name: String, among known: [String], usual: [String: String], _ plain: (String) -> String
  ) -> String? {
    if let own = known.first(where: { $0.lowercased() == name.lowercased() }) { return own }
    let plain = plain(name)
    return (usual[plain] ?? both[plain]).flatMap { known.contains($0) ? $0 : nil }
  }

  private static let both = [
    "kidneys": "Kidneys", "liver": "Liver", "spleen": "Spleen", "red marrow": "R-marrow", "brain": "Brain",
    "thyroid": "Thyroid", "thymus": "Thymus", "pancreas": "Pancreas", "adrenals": "Adrenals", "heart wall": "Ht-wall",
    "salivary glands": "S-glands", "breasts": "Breast", "testes": "Testes", "ovaries": "Ovaries", "uterus": "Uterus",
    "prostate": "Prostate", "muscle": "Muscle", "skin": "Skin", "adipose": "Adipose", "tongue": "Tongue",
    "tonsils": "Tonsils", "pituitary": "P-gland", "ureters": "Ureters", "eye lens": "Eye-lens",
    "gall bladder wall": "GB-wall", "urinary bladder wall": "UB-wall",
  ]

  static let targets = [
    "oesophagus": "Oesophagus", "stomach wall": "St-stem", "small intestine wall": "SI-stem",
    "right colon wall": "RC-stem", "left colon wall": "LC-stem", "bone surfaces": "Endost-BS",
  ]

  static let sources = [
    "oesophagus": "Oesophag-w", "stomach wall": "St-wall", "stomach contents": "St-cont",
    "small intestine wall": "SI-wall", "small intestine contents": "SI-cont", "right colon wall": "RC-wall",
    "right colon contents": "RC-cont", "left colon wall": "LC-wall", "left colon contents": "LC-cont",
    "gall bladder contents": "GB-cont", "urinary bladder contents": "UB-cont", "lungs": "Lungs", "blood": "Blood",
    "cortical bone": "C-bone-V", "trabecular bone": "T-bone-V", "yellow marrow": "Y-marrow",
  ]
}
