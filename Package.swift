// swift-tools-version:6.2
import PackageDescription

/// A room of the house: one module on one floor. It may use rooms on lower floors only.
struct Room {
  let name: String
  let floor: Int
  let uses: [String]
  var shims: [String] = []
  var resources: [Resource] = []
  var isOptimized = false
  /// What its tests share with those of other rooms.
  var testUses: [String] = []

  init(
    _ name: String, floor: Int, uses: [String] = [], shims: [String] = [], resources: [Resource] = [],
    isOptimized: Bool = false, testUses: [String] = []
  ) {
    (self.name, self.floor, self.uses, self.shims, self.resources) = (name, floor, uses, shims, resources)
    (self.isOptimized, self.testUses) = (isOptimized, testUses)
  }
}

let rooms = [
  Room("Quantities", floor: 0),
  Room("Provenance", floor: 0, shims: ["CGLib"]),
  Room("JSON", floor: 0, uses: ["Provenance"]),
  Room("Numerics", floor: 0, shims: ["CGSL"]),
  Room("Files", floor: 0, uses: ["Provenance"], shims: ["CMapping"]),
  Room("Compression", floor: 0, uses: ["Provenance"], shims: ["CZlib"]),
  Room(
    "DICOM", floor: 0, uses: ["Provenance", "Files", "Compression"], shims: ["CDCMTK", "COpenJPEG", "CCurl"]),
  Room("HTTP", floor: 0, uses: ["Provenance"], shims: ["CMicrohttpd"], testUses: ["LoopbackClient"]),
  Room("CommandLine", floor: 0, uses: ["Provenance"]),
  Room("Wording", floor: 0, uses: ["JSON"], resources: [.copy("Resources")]),

  Room("Volumes", floor: 1, uses: ["Quantities", "Provenance", "Numerics"], isOptimized: true),
  Room("Statistics", floor: 1, uses: ["Provenance", "Numerics"]),
  Room(
    "Radionuclides", floor: 1, uses: ["Quantities", "Provenance", "JSON"],
    resources: [.embedInCode("Resources"), .copy("Emissions")]),

  Room(
    "Transport", floor: 2, uses: ["Quantities", "Provenance", "JSON", "Numerics", "Volumes", "Radionuclides"],
    shims: ["CFFTW"], resources: [.copy("Resources")], isOptimized: true),
  Room(
    "Studies", floor: 2,
    uses: ["Quantities", "Provenance", "JSON", "Numerics", "Files", "Compression", "DICOM", "Volumes"],
    resources: [.embedInCode("Resources")]),

  Room("Uptake", floor: 3, uses: ["Quantities", "Provenance", "Numerics", "Volumes", "Radionuclides", "Studies"]),
  Room("Scintigraphy", floor: 3, uses: ["Quantities", "Provenance", "Numerics", "Volumes"], isOptimized: true),
  Room("Kinetics", floor: 3, uses: ["Quantities", "Provenance", "Numerics"], isOptimized: true),
  Room(
    "Laboratory", floor: 3, uses: ["Quantities", "Provenance", "Numerics", "Files", "Statistics"], shims: ["CTIFF"]),

  Room(
    "Dosimetry", floor: 4,
    uses: ["Quantities", "Provenance", "JSON", "Numerics", "Radionuclides", "Transport", "Kinetics"],
    isOptimized: true),
  Room(
    "Therapy", floor: 5,
    uses: ["Quantities", "Provenance", "Numerics", "Statistics", "Radionuclides", "Kinetics", "Dosimetry"],
    isOptimized: true),

  Room(
    "Reports", floor: 6, uses: ["Quantities", "Provenance", "JSON", "Wording", "Uptake"], shims: ["CCairo"],
    resources: [.copy("Resources")]),
  Room("Archive", floor: 6, uses: ["Provenance"], shims: ["CSQLite", "CSodium", "CLinux"]),
  Room(
    "SyntheticPatient", floor: 6,
    uses: ["Quantities", "Provenance", "Numerics", "Volumes", "Kinetics"], isOptimized: true),

  Room(
    "Workbench", floor: 7,
    uses: [
      "Quantities", "Provenance", "JSON", "Numerics", "DICOM", "Statistics", "Volumes", "Radionuclides", "Transport",
      "Studies", "Uptake", "Scintigraphy", "Kinetics", "Laboratory", "Dosimetry", "Therapy", "Reports",
      "Archive", "SyntheticPatient", "Wording",
    ],
    shims: ["CLinux"], resources: [.copy("Resources")]),
  Room(
    "WebApp", floor: 8, uses: ["Quantities", "Provenance", "JSON", "HTTP", "Wording", "Archive", "Workbench"],
    resources: [.copy("Resources")], testUses: ["LoopbackClient"]),
]

let command = Room(
  "endora", floor: 9,
  uses: [
    "CommandLine", "Workbench", "WebApp", "HTTP", "Quantities", "Provenance", "JSON", "Statistics", "Studies",
    "Volumes",
  ])

for room in rooms + [command] {
  for used in room.uses {
    guard let other = rooms.first(where: { $0.name == used }) else {
      fatalError("\(room.name) uses \(used), which is no room of this house.")
    }
    guard other.floor < room.floor || (other.floor == 0 && room.floor == 0) else {
      fatalError(
        "\(room.name) (floor \(room.floor)) uses \(used) (floor \(other.floor)): a room uses lower floors only.")
    }
  }
}

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// Loops over photons and voxels that are not optimized take a hundred times as long, in tests too.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"], .when(configuration: .debug))
]

let dcmtk = [
  "dcmtls", "dcmnet", "dcmjpls", "dcmtkcharls", "dcmjpeg", "ijg8", "ijg12", "ijg16", "dcmimgle", "dcmdata", "oflog",
  "ofstd",
]

let package = Package(
  name: "endora",
  products: [.executable(name: "endora", targets: ["endora"])]
    + rooms.map { .library(name: $0.name, targets: [$0.name]) },
  targets: [
    .systemLibrary(name: "CGLib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
    .systemLibrary(name: "CFFTW", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "CMapping", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .target(
      name: "CMicrohttpd", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("microhttpd")]),
    .target(
      name: "CCurl", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "COpenJPEG", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("openjp2")]),
    .target(
      name: "CTIFF", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("tiff")]),
    .target(
      name: "CDCMTK",
      cxxSettings: [.define("HAVE_CONFIG_H"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: dcmtk.map { .linkedLibrary($0) }),
  ]
    + rooms.map { room in
      .target(
        name: room.name, dependencies: (room.uses + room.shims).map { .byName(name: $0) },
        resources: room.resources, swiftSettings: strict + (room.isOptimized ? optimized : []))
    }
    + [
      .executableTarget(
        name: command.name, dependencies: command.uses.map { .byName(name: $0) }, swiftSettings: strict)
    ]
    + rooms.map { room in
      .testTarget(
        name: "\(room.name)Tests",
        dependencies: ([room.name] + room.uses + room.testUses + ["TestFolders"]).map { .byName(name: $0) },
        swiftSettings: strict)
    }
    + [
      .target(name: "LoopbackClient", path: "Tests/LoopbackClient", swiftSettings: strict),
      .target(name: "TestFolders", path: "Tests/TestFolders", swiftSettings: strict),
      .testTarget(
        name: "endoraTests", dependencies: ["endora", "JSON", "Provenance"].map { .byName(name: $0) },
        swiftSettings: strict),
    ],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx17
)
