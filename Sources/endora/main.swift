import CommandLine
import Glibc
import Provenance

OutputStream.reportClosedPipes()
let program = Program(
  "endora", "A workbench for CXCR4-directed theranostics. \(Release.disclaimer)", version: Release.version,
  example: "endora demo",
  commands: [
    demoCommand,
    newCommand,
    planCommand,
    verifyCommand,
    dicomCommands,
    nmCommands,
    petCommands,
    tacCommands,
    doseCommands,
    therapyCommands,
    cohortCommands,
    labCommands,
    statsCommands,
    archiveCommands,
    serveCommand,
    dataCommands,
  ])
exit(
  program.run(
    Array(Swift.CommandLine.arguments.dropFirst()), output: .standardOutput, errors: .standardError))
