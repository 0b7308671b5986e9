// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "endora", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmark",
      dependencies: [
        .product(name: "DICOM", package: "endora"),
        .product(name: "Dosimetry", package: "endora"),
        .product(name: "JSON", package: "endora"),
        .product(name: "Kinetics", package: "endora"),
        .product(name: "Laboratory", package: "endora"),
        .product(name: "Numerics", package: "endora"),
        .product(name: "Provenance", package: "endora"),
        .product(name: "Quantities", package: "endora"),
        .product(name: "Radionuclides", package: "endora"),
        .product(name: "Scintigraphy", package: "endora"),
        .product(name: "Statistics", package: "endora"),
        .product(name: "Studies", package: "endora"),
        .product(name: "SyntheticPatient", package: "endora"),
        .product(name: "Therapy", package: "endora"),
        .product(name: "Transport", package: "endora"),
        .product(name: "Volumes", package: "endora"),
        .product(name: "Workbench", package: "endora"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
