import Foundation
import TestFolders

typealias TemporaryFolder = TestFolders.TemporaryFolder
typealias TestData = TestFolders.TestData
