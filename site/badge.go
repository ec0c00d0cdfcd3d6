package site

import (
	"bytes"
	"fmt"
	"text/template"

	"github.com/storecheck/storecheck/report"
)

// A badge is a small picture with the verdict on a store.
type badge struct {
	Message, Color   string
	Width, LabelEnds int
}

// badgeText is the verdict in a few words.
func badgeText(s *store) string {
	switch {
	case s.Result.Verdict == report.Nonconformant && s.Must.Violated == 1:
		return "1 Must fails"
	case s.Result.Verdict == report.Nonconformant && s.Must.Violated > 0:
		return fmt.Sprintf("%d Musts fail", s.Must.Violated)
	}
	return string(s.Result.Verdict)
}

func newBadge(s *store) badge {
	const label, letter, space = 74, 7, 14 // pixels
	text := badgeText(s)
	color := "#6b6b6b"
	switch s.Result.Verdict {
	case report.Conformant:
		color = "#1a7f37"
	case report.Nonconformant:
		color = "#b3261e"
	case report.Inconclusive, report.Broken:
	}
	return badge{Message: text, Color: color, LabelEnds: label, Width: label + letter*len(text) + space}
}

// Middle is where the message stands.
func (b badge) Middle() int { return (b.LabelEnds + b.Width) / 2 }

var badgePicture = template.Must(template.New("badge").Parse(
	`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="20" role="img" aria-label="storecheck: {{.Message}}">` +
		`<title>storecheck: {{.Message}}</title><rect width="{{.Width}}" height="20" rx="3" fill="#3d3d3d"/>` +
		`<path d="M{{.LabelEnds}} 0H{{.Width}}V20H{{.LabelEnds}}z" fill="{{.Color}}"/>` +
		`<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` +
		`<text x="37" y="14">storecheck</text><text x="{{.Middle}}" y="14">{{.Message}}</text></g></svg>` + "\n"))

// badges are the picture, and the same for a service that draws badges. The addresses never change.
func badges(slug string, s *store) []file {
	b := newBadge(s)
	return []file{
		{"badge/" + slug + ".svg", func() ([]byte, error) {
			var out bytes.Buffer
			err := badgePicture.Execute(&out, b)
			return out.Bytes(), err
		}},
		data("badge/"+slug+".json", func() any {
			return map[string]any{"schemaVersion": 1, "label": "storecheck", "message": b.Message, "color": b.Color}
		}),
	}
}
