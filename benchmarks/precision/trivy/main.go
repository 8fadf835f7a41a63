// Runs Trivy's own checks of Terraform on each folder below one, and prints the ids of what fails as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/aquasecurity/trivy/pkg/iac/framework"
	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scan"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraform"
)

const modules = "github.com/aquasecurity/"

type report struct {
	Versions map[string]string   `json:"versions"`
	Cases    map[string][]string `json:"cases"`
}

func main() {
	root := os.Args[1]
	folders, err := os.ReadDir(root)
	if err != nil {
		log.Fatal(err)
	}
	scanner := terraform.New(
		rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true),
		// What Trivy runs without being asked, and what only its report for the CIS benchmark has.
		rego.WithFrameworks(framework.Default, framework.CIS_AWS_1_4),
	)
	found := report{Versions: versions(), Cases: map[string][]string{}}
	for _, folder := range folders {
		results, err := scanner.ScanFS(context.Background(), os.DirFS(filepath.Join(root, folder.Name())), ".")
		if err != nil {
			log.Fatalf("%s: %v", folder.Name(), err)
		}
		found.Cases[folder.Name()] = failed(results)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}

func failed(results scan.Results) []string {
	ids := []string{}
	for _, result := range results.GetFailed() {
		rule := result.Rule()
		ids = append(ids, rule.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func versions() map[string]string {
	found := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if name, ours := strings.CutPrefix(module.Path, modules); ours && strings.HasPrefix(name, "trivy") {
				found[name] = module.Version
			}
		}
	}
	return found
}
