/// The SHA-256 digests of the files in this room's resources; the scripts that make the files write them here.
let resourceDigests: [String: String] = [
  "stylised-phantoms": "2cd11ce030c78d32106aab91ee504694f5c4ed586931af8ebd4646adfbc1d503",
  "elements": "bb0bfd300c488129f55d968d0c562f17f11b6fc0677533e8444be54c064c2660",
  "fractions-adult-male": "283ba09ce2269ec6fda8ddb70df64694832ab60bbec03a7c83343599a4eda86b",
  "fractions-adult-female": "c17c687b8ed15d509d605e2ceb2a1c808a23e2ff64eb8e76bb1218a9398a6bec",
  "marrow-fractions": "c5260aba609d7eb8b728353058a69577f250c8a4a3a6a02cbec052edd85c172e",
  "alpha-stopping": "54c783dd0a7c775a7411667eda9202aed8b060dac900ad0b36fb3e3d855c2ca2",
  "point-kernels": "8163686571f35302627e84104f84d2a39b60c85a7b091ccf3e87daf7f992a7d7",
]
