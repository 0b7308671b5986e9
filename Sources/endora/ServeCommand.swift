import CommandLine
import Foundation
import HTTP
import Provenance
import WebApp

private let folder = Argument<FolderPath>("folder", "The folder that holds the case folders.")
private let port = Option("port", "The port on this machine; 0 for any that is free.", default: 0)
private let actor = Option<String?>(
  "actor", "Who works, for the audit trail; the name of the login when left out, the account where people sign in.")
private let address = Option(
  "listen", "A numeric IPv4 address of this machine; other machines reach it.", default: "127.0.0.1")
private let certificate = Option<FilePath?>("certificate", "A certificate in PEM: TLS is spoken, nothing else.")
private let key = Option<FilePath?>("key", "Its private key in PEM, readable by the owner alone.")
private let host = Option<String?>("host", "The name in browsers' addresses, as in the certificate.")
private let proxy = Option<String?>(
  "behind-proxy", "The name in browsers' addresses, where a reverse proxy speaks TLS in front of this server.")

let serveCommand = Command(
  "serve", "Show the cases of a folder in the browser: on this machine alone, or to those who have an account.",
  example: "endora serve cases", takes: [folder, port, actor, address, certificate, key, host, proxy]
) { arguments in
  guard let wanted = UInt16(exactly: try arguments[port]) else {
    throw HTTPError(
      "port-out-of-range", "There is no port \(try arguments[port]).", remedy: "Give a number from 0 to 65535.",
      category: .usage)
  }
  let identity: TLSIdentity?
  switch (try arguments[certificate], try arguments[key]) {
  case (let certificate?, let key?): identity = try TLSIdentity(certificate: certificate.path, key: key.path)
  case (nil, nil): identity = nil
  default:
    throw HTTPError(
      "half-identity", "A certificate serves with its key alone.", remedy: "Give --certificate and --key.",
      category: .usage)
  }
  try ServedApplication.run(
    folder: arguments[folder].path,
    at: Doorway(
      address: arguments[address], port: wanted, identity: identity, host: arguments[host], proxy: arguments[proxy]),
    actor: arguments[actor] ?? NSUserName(),
    clock: { presentMoment }
  ) { address in
    try OutputStream.standardOutput.write("Open \(address)\nStop with Ctrl-C.\n")
  }
}
