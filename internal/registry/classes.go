package registry

import (
	_ "embed"
	"encoding/csv"
	"regexp"
	"strings"
)

// The classes that the registers of the European Union and the United Kingdom use, as the latter lists them (the facet
// class_category of its finder's schema): food 1.1 to 2.27, spirit drinks, aromatised wines. Agreements group their lists by
// the same food classes. Chinese labels are ours.
//
//go:embed data/classes.csv
var classFile string

// classLabel is a known class under one of its labels.
type classLabel struct {
	class Class
	key   string // folded
	shown string
}

var classLabels, classByCode = func() (labels []classLabel, byCode map[string]string) {
	rows, err := csv.NewReader(strings.NewReader(classFile)).ReadAll()
	if err != nil {
		panic(err) // the file is part of the program
	}
	byCode = map[string]string{}
	for _, r := range rows[1:] {
		c := Class{Scheme: r[0], Code: r[1]}
		byCode[c.Scheme+":"+c.Code] = r[2]
		for _, text := range r[2:] {
			if text != "" {
				labels = append(labels, classLabel{c, NameKey(text), text})
			}
		}
	}
	return labels, byCode
}()

var (
	classOwn    = regexp.MustCompile(`^([a-z][a-z0-9-]*):(\S+)$`)
	classNumber = regexp.MustCompile(`^(?i:class\s*|第)?(\d{1,2}(?:[.-]\d{1,2}[a-z]?|[a-z])?)(?:[.:、\s-]+|$|类)(.*)$`)
	niceClass   = regexp.MustCompile(`^(?:国际分类|尼斯分类|[Nn]ice(?: [Cc]lass)?)?\s*第\s*(\d{1,2})\s*类$`)
)

// readClass reads a class as registers write it: "1.6", "Class 1.6. Fruit, vegetables and cereals …", the label alone, the slug
// of a web page, 第31类 of the Nice Classification, or scheme:code. What is understood but misspelt is corrected: read is then
// what was taken. code is empty, or says that no class is known by this, or that number and label name different ones.
func readClass(said string) (c Class, read, code string) {
	s := strings.TrimSpace(said)
	if m := classOwn.FindStringSubmatch(s); m != nil {
		return Class{Scheme: m[1], Code: m[2]}, "", ""
	}
	if m := niceClass.FindStringSubmatch(s); m != nil {
		return Class{Scheme: "nice", Code: m[1]}, "", ""
	}
	number, label := "", s
	if m := classNumber.FindStringSubmatch(s); m != nil {
		number, label = strings.Replace(m[1], "-", ".", 1), strings.TrimSpace(m[2])
	}
	key := NameKey(label)
	if key == "" {
		return classOf(number)
	}
	best, distance := nearestClass(key, number)
	switch {
	case best == nil:
		return Class{}, "", CodeClass
	case number != "" && number != best.class.Code:
		if _, known := classByCode["food:"+number]; known {
			return Class{}, "", CodeClassDiffers
		}
		return best.class, best.class.Code + " " + best.shown, ""
	case distance > 0:
		return best.class, best.class.Code + " " + best.shown, ""
	}
	return best.class, "", ""
}

func classOf(number string) (Class, string, string) {
	if _, known := classByCode["food:"+number]; !known {
		return Class{}, "", CodeClass
	}
	return Class{Scheme: "food", Code: number}, "", ""
}

// nearestClass finds the label that is the same but for misspelling: one letter in eight. Of several as near, the one with the
// number, else the first: 2.21 to 2.27 repeat labels of 2.1 to 2.6 for traditional specialities.
func nearestClass(key, number string) (best *classLabel, distance int) {
	letters := len([]rune(key))
	distance = letters/8 + 1
	if letters <= 4 {
		distance = 0
	}
	for i := range classLabels {
		l := &classLabels[i]
		d := Distance(key, l.key, distance)
		if d < 0 || best != nil && d == distance && (l.class.Code != number || best.class.Code == number) {
			continue
		}
		best, distance = l, d
	}
	return best, distance
}

// Distance is the number of letters to change, add or take away between two words (Levenshtein), or -1 when it is above most.
func Distance(a, b string, most int) int {
	if a == b {
		return 0
	}
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return -1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, least := row[0], i+1
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return -1
		}
	}
	if row[len(y)] > most {
		return -1
	}
	return row[len(y)]
}

func classesOf(c Content) string {
	var all []string
	for _, k := range c.Classes {
		all = append(all, k.Scheme+":"+k.Code)
	}
	return strings.Join(all, "; ")
}

func setClasses(c *Content, v string) {
	for _, one := range strings.Split(v, ";") {
		if scheme, code, ok := strings.Cut(strings.TrimSpace(one), ":"); ok {
			c.Classes = append(c.Classes, Class{Scheme: scheme, Code: code})
		}
	}
}
