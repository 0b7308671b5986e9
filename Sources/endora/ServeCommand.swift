import CommandLine
import Foundation
import HTTP
import Provenance
import Quantities
import WebApp

private let folder = Argument<FolderPath>("folder", "The folder that holds the case folders.")
private let port = Option("port", "The port on this machine; 0 for any that is free.", default: 0)
private let actor = Option<String?>("actor", "Who works, for the audit trail; the name of the login when left out.")

let serveCommand = Command(
  "serve", "Show the cases of a folder in the browser, on this machine alone.", example: "endora serve cases",
  takes: [folder, port, actor]
) { arguments in
  guard let wanted = UInt16(exactly: try arguments[port]) else {
    throw HTTPError(
      "port-out-of-range", "There is no port \(try arguments[port]).", remedy: "Give a number from 0 to 65535.",
      category: .usage)
  }
  try ServedApplication.run(
    folder: arguments[folder].path, port: wanted, actor: arguments[actor] ?? NSUserName(),
    clock: {
      let now = Date()
      return Timestamp(
        secondsSince1970: now.timeIntervalSince1970.rounded(.down), utcOffset: TimeZone.current.secondsFromGMT(for: now)
      )
    }
  ) { address in
    try OutputStream.standardOutput.write("Open \(address)\nStop with Ctrl-C.\n")
  }
}
