package saved

import (
	"strings"

	"github.com/storecheck/storecheck/report"
)

// Head returns the table that report.MarkdownHead writes of the results in a folder, for a text that shows them, such as a README.
func Head(folder string) (string, error) {
	results, err := Load(folder)
	if err == nil {
		err = Once(results)
	}
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = report.MarkdownHead(&b, Plain(results))
	return b.String(), err
}
